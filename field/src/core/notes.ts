// Forms half filled in, kept so that a phone that dies, or locks itself, costs nobody a word. They are
// no records: nothing of them is sent.

import type { Session } from "./session";
import type { Store } from "./store";
import { isPick } from "./stored";

/** Keep what stands in a form now. */
export async function keepNote(session: Session, name: string, value: unknown): Promise<void> {
  const sealed = await session.data.sealJson(placeOfNote(name), value);
  await session.store.notes.put({ id: name, sealed });
}

/** What stood in the form last; undefined where nothing was kept. */
export async function noteOf<T>(session: Session, name: string): Promise<T | undefined> {
  const row = await session.store.notes.get(name);
  return row && session.data.openJson<T>(placeOfNote(name), row.sealed);
}

/** The form was saved, or given up. */
export async function dropNote(session: Session, name: string): Promise<void> {
  await session.store.notes.delete(name);
}

/** How many forms are half filled in. A form is named by its kind and what it is about, with a stroke
 * between them; what the app merely remembers bears a bare word. */
export function formsKept({ notes }: Store): Promise<number> {
  return notes.filter(({ id }) => id.includes("/") && !isPick(id)).count();
}

function placeOfNote(name: string): string {
  return `note/${name}`;
}
