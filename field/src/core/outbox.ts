// Reading the outbox: what was recorded here, as it stands with the server.

import { textOf, type Bytes } from "./bytes";
import type { Mutation, PushResult } from "./protocol";
import { placeOfLine, type Session } from "./session";
import type { OutboxRow, OutboxState, Store } from "./store";

export interface OutboxEntry {
  readonly n: number;
  readonly id: string;
  readonly hash: string;
  readonly state: OutboxState;
  readonly pending: boolean;
  /** Null once delivered and let go of. */
  readonly mutation: Mutation | null;
  readonly answer: PushResult | null;
}

export function placeOfAnswer(n: number): string {
  return `answer/${n}`;
}

/** The entries, oldest first. */
export async function outboxOf(session: Session): Promise<OutboxEntry[]> {
  const rows = await session.store.outbox.orderBy("n").toArray();
  return Promise.all(rows.map((row) => entryOf(session, row)));
}

/** The mutations that lie over the pulled rows, oldest first. */
export async function pendingOf(session: Session): Promise<OutboxEntry[]> {
  const rows = await session.store.outbox.where("pending").equals(1).sortBy("n");
  return Promise.all(rows.map((row) => entryOf(session, row)));
}

/** The exact bytes of a line; null once it was let go of. */
export async function lineBytes(session: Session, row: OutboxRow): Promise<Bytes | null> {
  return row.line && (await session.data.open(placeOfLine(row.n), row.line));
}

/** Let go of the content of an entry the server has refused and the officer has dealt with. */
export function dismiss(session: Session, n: number): Promise<void> {
  return session.change(async (state) => ({
    state,
    write: (store: Store) =>
      store.outbox
        .where("n")
        .equals(n)
        .and((row) => row.state === "rejected" || row.state === "conflict")
        .modify({ line: null, answer: null }),
    value: undefined,
  }));
}

async function entryOf(session: Session, row: OutboxRow): Promise<OutboxEntry> {
  const line = await lineBytes(session, row);
  const { n, id, hash, state } = row;
  return {
    n,
    id,
    hash,
    state,
    pending: row.pending === 1,
    mutation: line && (JSON.parse(textOf(line)) as Mutation),
    answer:
      row.answer && (await session.data.openJson<PushResult>(placeOfAnswer(n), row.answer)),
  };
}
