// Reading the outbox: what was recorded here, as it stands with the server.

import type { Bytes } from "./bytes";
import type { Mutation, PushResult } from "./protocol";
import { placeOfLine, type Session, type State } from "./session";
import type { OutboxRow, OutboxState, Store } from "./store";

export interface OutboxEntry {
  readonly n: number;
  readonly id: string;
  readonly hash: string;
  readonly state: OutboxState;
  readonly pending: boolean;
  /** Null once delivered and let go of, or dismissed. */
  readonly mutation: Mutation | null;
  readonly answer: PushResult | null;
  /** Dealt with by the officer, be it that the server asks for the line once more. */
  readonly dismissed: boolean;
  /** Not answered yet, and probably at the server all the same (`isAgain`). */
  readonly again: boolean;
}

/** How long a delivered line is kept, in case the server is put back to a backup. */
export const KEPT_MS = 30 * 24 * 3_600_000;

export function placeOfAnswer(n: number): string {
  return `answer/${n}`;
}

/** The entries, oldest first. */
export async function outboxOf(session: Session): Promise<OutboxEntry[]> {
  const rows = await session.store.outbox.orderBy("n").toArray();
  return Promise.all(rows.map((row) => entryOf(session, row)));
}

/** Lines that were opened while the device is unlocked, by their hash. */
const opened = new WeakMap<Session, Map<string, Promise<Mutation>>>();

/** What lines say, oldest first; nothing of those that were let go of. A line never changes, so none
 * is opened twice. */
export async function mutationsIn(
  session: Session,
  rows: readonly OutboxRow[],
): Promise<Mutation[]> {
  const before = opened.get(session);
  const now = new Map(
    rows.flatMap(({ n, hash, line }) =>
      line === null ? [] : [[hash, before?.get(hash) ?? mutationIn(session, n, line)] as const],
    ),
  );
  opened.set(session, now);
  return Promise.all(now.values());
}

async function mutationIn({ data }: Session, n: number, line: Bytes): Promise<Mutation> {
  return data.openJson<Mutation>(placeOfLine(n), line);
}

/** What one line says; null once it was let go of. */
export async function mutationOf(session: Session, { n, line }: OutboxRow): Promise<Mutation | null> {
  return line && (await mutationIn(session, n, line));
}

/** The exact bytes of a line; null once it was let go of. */
export async function lineBytes(session: Session, row: OutboxRow): Promise<Bytes | null> {
  return row.line && (await session.data.open(placeOfLine(row.n), row.line));
}

/** Show no more of an entry the server has refused and the officer has dealt with. Its line is kept as
 * long as any delivered one: put back to a backup, the server asks for it to go on with the chain. Of a
 * village that is not on this device nothing is kept. `final`: nothing more is heard of it here; what
 * nobody understood is not put away before. */
export function dismiss(session: Session, n: number, { final = false } = {}): Promise<void> {
  return session.change(async (state) => {
    const write = async (store: Store): Promise<void> => {
      const { outbox } = store;
      const row = await outbox.get(n);
      // What became of a photo is told where it stands, in the words its line was answered with.
      if (row === undefined || row.type === "photo" || !(isRefused(row) || (final && row.state === "quarantined"))) {
        return;
      }
      await outbox.update(n, await putAwayAs(store, state, row));
    };
    return { state, write, value: undefined };
  });
}

/** What makes a line one that was put away. Of a village that is not on this device nothing is kept. */
export async function putAwayAs(
  { scopes }: Store,
  { contact }: State,
  { village }: OutboxRow,
): Promise<Partial<OutboxRow>> {
  const held = village === "" || (await scopes.get(village)) !== undefined;
  const keptUntil = (contact?.at ?? 0) + KEPT_MS;
  const kept = held ? { keptUntil } : { line: null };
  return { answer: null, dismissed: true, ...kept };
}

export function isUnanswered({ state }: Pick<OutboxRow, "state">): boolean {
  return state === "waiting" || state === "sent";
}

/** Whether the server has done a line, be it beside a change of the station's. */
export function wasDone({ state }: Pick<OutboxRow, "state">): boolean {
  return state === "accepted" || state === "merged";
}

/** Whether a line waits only to be compared with what the server has. */
export function isAgain(row: OutboxRow): boolean {
  return row.again === true && isUnanswered(row);
}

/** How many do. */
export function linesAgain({ store }: { readonly store: Store }): Promise<number> {
  return store.outbox.filter(isAgain).count();
}

function isRefused({ state }: OutboxRow): boolean {
  return state === "rejected" || state === "conflict";
}

async function entryOf(session: Session, row: OutboxRow): Promise<OutboxEntry> {
  const dismissed = row.dismissed === true;
  const over = dismissed && (isRefused(row) || row.state === "quarantined");
  const { n, id, hash, state } = row;
  return {
    n,
    id,
    hash,
    state,
    pending: row.pending === 1,
    mutation: over ? null : await mutationOf(session, row),
    answer:
      row.answer && (await session.data.openJson<PushResult>(placeOfAnswer(n), row.answer)),
    dismissed,
    again: isAgain(row),
  };
}
