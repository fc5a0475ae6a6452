// Forms half filled in, kept so that a phone that dies, or locks itself, costs nobody a word. They are
// no records: nothing of them is sent.

import type { Session } from "./session";
import { NO_WRITE, type Store, type Write } from "./store";
import { isPick } from "./stored";

/** Keep what stands in a form now. `also`, of other notes and the visits under way alone, is written with
 * it. */
export async function keepNote(
  session: Session,
  name: string,
  value: unknown,
  also: Write = NO_WRITE,
): Promise<void> {
  const { store } = session;
  const sealed = await session.data.sealJson(placeOfNote(name), value);
  await store.transaction("rw", [store.notes, store.drafts], async () => {
    await store.notes.put({ id: name, sealed });
    await also(store);
  });
}

/** What stood in the form last; undefined where nothing was kept. */
export async function noteOf<T>(session: Session, name: string): Promise<T | undefined> {
  const row = await session.store.notes.get(name);
  return row && session.data.openJson<T>(placeOfNote(name), row.sealed);
}

/** Nothing stands in the form any more. */
export async function dropNote(session: Session, name: string): Promise<void> {
  await session.store.notes.delete(name);
}

/** A write that goes with the end of a visit: no screen leads back to the forms that were to be parts of
 * it, or its end. */
export async function visitNotesDropped({ notes }: Store, visit: string): Promise<void> {
  const names = await notes.toCollection().primaryKeys();
  await notes.bulkDelete(names.filter((name) => name.split("/").includes(visit)));
}

/** How many forms are half filled in. A form is named by its kind and what it is about, with a stroke
 * between them; what the app merely remembers bears a bare word. */
export function formsKept({ notes }: Store): Promise<number> {
  return notes.filter(({ id }) => id.includes("/") && !isPick(id)).count();
}

/** A write that goes with what the form became. A form that outlived its record, because the phone
 * died between the two, would be saved once more. */
function noteDropped(name: string): Write {
  return (store) => store.notes.delete(name);
}

/** One form's note: kept while it is filled in, gone with what it becomes. */
export class Note {
  private last: Promise<void> = Promise.resolve();
  private closed = false;

  /** `read` says what stands in the form; undefined where there is nothing to keep. */
  constructor(
    private readonly session: Session,
    private readonly name: string,
    private readonly read: () => unknown,
  ) {}

  /** Keep what stands in the form now; nothing once it is written. */
  keep(): Promise<void> {
    if (!this.closed) {
      // One after the other, or an older one could come over a newer.
      this.last = this.last.catch(() => undefined).then(() => this.kept());
    }
    return this.last;
  }

  /** Write what the form says; with what `work` writes goes the note. Kept again where that fails. */
  async become(work: (also: Write) => Promise<unknown>): Promise<void> {
    // What was kept any later would come over what removes it.
    this.closed = true;
    await this.last.catch(() => undefined);
    try {
      await work(noteDropped(this.name));
    } catch (error) {
      this.closed = false;
      void this.keep().catch(() => undefined);
      throw error;
    }
  }

  private kept(): Promise<void> {
    const value = this.read();
    return value === undefined
      ? dropNote(this.session, this.name)
      : keepNote(this.session, this.name, value);
  }
}

function placeOfNote(name: string): string {
  return `note/${name}`;
}
