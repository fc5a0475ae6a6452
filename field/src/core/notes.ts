// Forms half filled in, kept so that a phone that dies, or locks itself, costs nobody a word. They are
// no records: nothing of them is sent.

import type { Session } from "./session";

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

function placeOfNote(name: string): string {
  return `note/${name}`;
}
