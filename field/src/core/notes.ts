// Forms half filled in, kept so that a phone that dies, or locks itself, costs nobody a word. They are
// no records: nothing of them is sent.

import { photosDropped } from "./photos/places";
import type { Body } from "./protocol";
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

/** What stood in the form last; undefined where nothing was kept, or by a tab that still had the key of
 * whoever had the phone before. */
export async function noteOf<T>(session: Session, name: string): Promise<T | undefined> {
  const row = await session.store.notes.get(name);
  return row && session.data.openJson<T>(placeOfNote(name), row.sealed).catch(() => undefined);
}

/** A form as it is kept. */
export interface Form {
  /** Its kind, what it is about, and whatever else names it. */
  readonly kind: string;
  readonly about: readonly string[];
  readonly name: string;
  readonly values: Body;
}

/** Every form that is half filled in, whether a screen still leads to it or not. What nobody can open any
 * more goes. */
export async function formsOf(session: Session): Promise<Form[]> {
  const names = (await session.store.notes.toCollection().primaryKeys()).filter(isForm);
  const forms = await Promise.all(
    names.map(async (name) => {
      const [kind = "", ...about] = name.split("/");
      const values = await noteOf<Body>(session, name);
      if (values === undefined) {
        await dropNote(session, name);
        return [];
      }
      return [{ kind, about, name, values }];
    }),
  );
  return forms.flat();
}

/** The officer gives a form up; with it go the photos that were taken in it, and are of nothing else. */
export async function giveUpForm({ store }: Session, { name, values }: Form): Promise<void> {
  await store.transaction("rw", [store.notes, store.photos], async () => {
    await store.notes.delete(name);
    const { id } = values;
    if (typeof id === "string") {
      await photosDropped(store, { visit: id });
    }
  });
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

/** How many forms are half filled in. */
export function formsKept({ notes }: Store): Promise<number> {
  return notes.filter(({ id }) => isForm(id)).count();
}

/** A form is named by its kind and what it is about, with a stroke between them; what the app merely
 * remembers bears a bare word. */
function isForm(name: string): boolean {
  return name.includes("/") && !isPick(name);
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

/** Where a form is sealed. */
export function placeOfNote(name: string): string {
  return `note/${name}`;
}
