// When a device must stop being what it is: withdrawn by the station, or unable to go on with its
// chain. What was not delivered stays either way.

import { firstState, keyOf } from "./device";
import { formsKept } from "./notes";
import { outboxOf } from "./outbox";
import { photosForgotten } from "./photos/photos";
import type { Mutation, Person } from "./protocol";
import { reopened } from "./pushing";
import { type ChainEnd, chained } from "./recording";
import { Session, type State, workerOf } from "./session";
import type { Identity, OutboxRow, Store } from "./store";
import { picksDropped } from "./stored";

/** What a person has made on this phone, and nobody else has. */
export interface Left {
  readonly lines: number;
  readonly visits: number;
  readonly photos: number;
  readonly forms: number;
}

/** The phone was bound for `other` while work of `worker` is left on it, which would go out under the
 * other's name. */
export class OtherPersonError extends Error {
  constructor(
    readonly worker: Person,
    readonly other: Person,
    readonly left: Left,
  ) {
    super("somebody else's work is left on this device");
  }
}

/** The station has withdrawn this device: everything goes but what was not delivered, and the token
 * that it is handed over by. `last`: the lines the server says it has; put back to a backup, it may have
 * fewer than were answered, and the others are handed over as well. */
export function withdraw(session: Session, last = Number.MAX_SAFE_INTEGER): Promise<void> {
  return session.change(async (state) => {
    const delivered = await deliveredOf(session.store, state.answered, last);
    return {
      state: {
        ...state,
        status: "revoked",
        enrolment: null,
        contact: null,
        witness: null,
        withdrawn: state.enrolment ?? state.withdrawn ?? null,
        worker: workerOf(state),
        answered: delivered,
      },
      write: async (store: Store): Promise<void> => {
        await store.base.clear();
        await store.scopes.clear();
        await picksDropped(store);
        await store.outbox.where("n").belowOrEqual(delivered).delete();
        await reopened(delivered)(store);
      },
      value: undefined,
    };
  });
}

/** Up to which line all that was answered is the server's or gone: what it lacks and was let go of here
 * is lost, and what stands before that with it. */
async function deliveredOf({ outbox }: Store, answered: number, last: number): Promise<number> {
  const lacking = await outbox.where("n").between(last, answered, false, true).sortBy("n");
  const gone = lacking.filter(({ line }) => line === null).at(-1)?.n ?? last;
  return Math.min(Math.max(last, gone), answered);
}

/** What the server has of a line for good: done, or kept for a person with both values. */
const TAKEN: ReadonlySet<string> = new Set(["accepted", "merged", "conflict"]);

/** Become the device the server has bound as `next`, with that id and key and a chain of its own, and
 * with every mutation that was not taken, under the id it had: what a person has decided about it there
 * stands. What a withdrawn device has handed over is the station's. `enrolled` is what the state becomes
 * by the server's answer. Answers the session to go on with. Throws OtherPersonError; then all is as it
 * was. */
export async function startOver(
  session: Session,
  next: Identity,
  enrolled: (first: State) => State,
): Promise<Session> {
  await session.change(async (before) => {
    const first = await firstState(next.device);
    const gone = before.status === "revoked" ? new Set([...TAKEN, "quarantined"]) : TAKEN;
    const { rows, end } = await rechained(session, first, gone);
    const state = { ...enrolled(first), ...end };
    const changes = await changesHands(session.store, before, state, rows.length);
    const write = async (store: Store): Promise<void> => {
      await become(store, next);
      await Promise.all([store.base.clear(), store.scopes.clear(), picksDropped(store), store.outbox.clear()]);
      await store.outbox.bulkAdd(rows);
      await photosForgotten(store, new Set(rows.map(({ id }) => id)));
      if (changes) {
        // What was remembered here was remembered for somebody else.
        await store.notes.clear();
      }
    };
    return { state, write, value: undefined };
  });
  return session.as(next.device, await keyOf(session.data, next));
}

async function become({ keys }: Store, next: Identity): Promise<void> {
  const row = await keys.get("keys");
  if (row !== undefined) {
    const { next: _, ...kept } = row;
    await keys.put({ ...kept, ...next });
  }
}

/** Whether the device is another person's from now on. Throws OtherPersonError where it must not be. */
async function changesHands(store: Store, before: State, after: State, lines: number): Promise<boolean> {
  const [worker, other] = [workerOf(before), workerOf(after)];
  if (worker === null || other === null || worker.user_id === other.user_id) {
    return false;
  }
  const [visits, photos, forms] = await Promise.all([
    store.drafts.count(),
    store.photos.count(),
    formsKept(store),
  ]);
  if (lines + visits + photos + forms > 0) {
    throw new OtherPersonError(worker, other, { lines, visits, photos, forms });
  }
  return true;
}

async function rechained(
  session: Session,
  start: ChainEnd,
  gone: ReadonlySet<string>,
): Promise<{ rows: OutboxRow[]; end: ChainEnd }> {
  const rows: OutboxRow[] = [];
  let end: ChainEnd = { made: start.made, head: start.head };
  for (const { state, mutation, dismissed } of await outboxOf(session)) {
    if (mutation !== null && !dismissed && !gone.has(state)) {
      const { row, ...next } = await chained(session.data, end, unchained(mutation));
      rows.push(row);
      end = { made: next.made, head: next.head };
    }
  }
  return { rows, end };
}

/** What was said, without its place in the old chain. Times signed for another device prove nothing. */
function unchained({ id, type, schema, saved_at, body }: Mutation): Omit<Mutation, "n" | "salt"> {
  return { id, type, schema, saved_at, body, anchor: null };
}
