// Forms over a pulled row, half filled in: what the officer says of it, and what stood there when they
// said it. The one is theirs and stays until they send or remove it; the other goes when the row does.

import { noteOf, placeOfNote } from "./notes";
import type { Body } from "./protocol";
import { hex, type Bytes } from "./bytes";
import type { Session } from "./session";
import type { Store, Write } from "./store";

export interface Edit<T> {
  said: T;
  /** The fields as they stood, and the row's version then; empty where it had none, or is gone since. */
  base: Body;
  version: string;
}

export type Edited = "household" | "matter";
const TYPES: readonly string[] = ["household", "matter"] satisfies readonly Edited[];

/** The name an edit is kept under. */
export function editForm(type: Edited, id: string): string {
  return `${type}/${id}`;
}

/** The fields of which something else is said than stood there. */
export function touchedIn<T>({ said, base }: Edit<T>): (keyof T & string)[] {
  const names = Object.keys(said as object) as (keyof T & string)[];
  return names.filter((name) => said[name] !== textOf(base[name]));
}

export function textOf(value: unknown): string {
  return value == null ? "" : String(value);
}

/** Only what the officer says: nothing that was pulled. */
export function wordsOf<T extends Readonly<Record<string, string>>>(edit: Edit<T>): Edit<Record<string, string>> {
  const touched: readonly string[] = touchedIn(edit);
  const said = Object.entries(edit.said).map(([name, text]) => [name, touched.includes(name) ? text : ""]);
  return { said: Object.fromEntries(said) as Record<string, string>, base: {}, version: "" };
}

/** A write that goes with a pull, after it, or with the end of all rows: of the edits whose row is no
 * longer here only the words stay. */
export async function wordsLeft(session: Session): Promise<Write> {
  const names = (await session.store.notes.toCollection().primaryKeys()).filter(isEdit);
  const edits = await Promise.all(names.map((name) => wordsOnly(session, name)));
  return async (store) => {
    for (const edit of edits) {
      if (!(await isHere(store, edit.name))) {
        await putWords(store, edit);
      }
    }
  };
}

interface Words {
  readonly name: string;
  /** The note as it was read; null where it was gone by then, or holds words alone. */
  readonly was: Bytes | null;
  /** Null where none are left. */
  readonly words: Bytes | null;
}

async function wordsOnly(session: Session, name: string): Promise<Words> {
  const [row, edit] = await Promise.all([
    session.store.notes.get(name),
    noteOf<Edit<Record<string, string>>>(session, name),
  ]);
  if (row === undefined || edit === undefined || Object.keys(edit.base).length === 0) {
    return { name, was: null, words: null };
  }
  const words = wordsOf(edit);
  const any = Object.values(words.said).some((text) => text !== "");
  return { name, was: row.sealed, words: any ? await session.data.sealJson(placeOfNote(name), words) : null };
}

/** What was typed since it was read is not written over; it is looked at after the next pull. */
async function putWords({ notes }: Store, { name, was, words }: Words): Promise<void> {
  const now = await notes.get(name);
  if (now !== undefined && was !== null && hex(now.sealed) === hex(was)) {
    await (words === null ? notes.delete(name) : notes.put({ id: name, sealed: words }));
  }
}

function isEdit(name: string): boolean {
  return TYPES.includes(name.split("/")[0] ?? "");
}

/** Whether the row an edit is named by is held in any scope. */
async function isHere({ base, scopes }: Store, name: string): Promise<boolean> {
  const [type = "", id = ""] = name.split("/");
  const held = await scopes.toCollection().primaryKeys();
  const rows = await base.bulkGet(held.map((scope): [string, string, string] => [scope, type, id]));
  return rows.some((row) => row !== undefined);
}
