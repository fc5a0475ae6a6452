// When a device must stop being what it is: withdrawn by the station, or unable to go on with its
// chain. What was not delivered stays either way.

import { uuidv7 } from "uuidv7";
import { firstState, SIGNING_PLACE } from "./device";
import { outboxOf } from "./outbox";
import { photosForgotten } from "./photos/photos";
import type { Mutation } from "./protocol";
import { reopened } from "./pushing";
import { type ChainEnd, chained } from "./recording";
import { Session } from "./session";
import { newKey, signingKey } from "./signing";
import type { OutboxRow, Store } from "./store";
import { picksDropped } from "./stored";

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

/** Become a new device, to be enrolled anew: with another id, key and chain, and with every mutation
 * that was not taken, under the id it had: what a person has decided about it there stands. What a
 * withdrawn device has handed over is the station's. Answers the session to go on with. */
export async function startOver(session: Session): Promise<Session> {
  const device = uuidv7();
  const { publicKey, privateKey } = await newKey();
  const signing = await session.data.seal(SIGNING_PLACE, privateKey);
  await session.change(async (before) => {
    const first = await firstState(device);
    const gone = before.status === "revoked" ? new Set([...TAKEN, "quarantined"]) : TAKEN;
    const { rows, end } = await rechained(session, first, gone);
    const write = async (store: Store): Promise<void> => {
      await store.keys.update("keys", { device, publicKey, signing });
      await Promise.all([store.base.clear(), store.scopes.clear(), picksDropped(store), store.outbox.clear()]);
      await store.outbox.bulkAdd(rows);
      await photosForgotten(store, new Set(rows.map(({ id }) => id)));
    };
    return { state: { ...first, ...end }, write, value: undefined };
  });
  return session.as(device, await signingKey(privateKey));
}

async function rechained(
  session: Session,
  start: ChainEnd,
  gone: ReadonlySet<string>,
): Promise<{ rows: OutboxRow[]; end: ChainEnd }> {
  const rows: OutboxRow[] = [];
  let end = start;
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
