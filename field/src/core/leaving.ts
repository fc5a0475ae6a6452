// When a device must stop being what it is: withdrawn by the station, or unable to go on with its
// chain. What was not delivered stays either way.

import { type Decision, decisionsOf, isDone } from "./decisions";
import { wordsLeft } from "./edits";
import { firstState, keyOf, type NewKeys, newKeysFor } from "./device";
import { isAnythingLeft, type Left, leftHere } from "./left";
import { isAgain, isUnanswered, mutationOf } from "./outbox";
import { photosForgotten } from "./photos/photos";
import type { Mutation, Person } from "./protocol";
import { reopened } from "./pushing";
import { type ChainEnd, chained } from "./recording";
import { Session, type State, workerOf } from "./session";
import type { Identity, OutboxRow, Store } from "./store";
import { picksDropped } from "./stored";

/** What is left of somebody's work where another binds the phone. */
export interface LeftOfOther extends Left {
  /** Lines that were not taken and not put away, or wait for a person. */
  readonly untaken: number;
}

/** The phone was bound for `other` while work of `worker` is left on it, which would go out under the
 * other's name. */
export class OtherPersonError extends Error {
  constructor(
    readonly worker: Person,
    readonly other: Person,
    readonly left: LeftOfOther,
  ) {
    super("somebody else's work is left on this device");
  }
}

/** The phone was bound for `other`, and `worker` had it before: it needs a passphrase that only the other
 * knows. */
export class NewPassphraseError extends Error {
  constructor(
    readonly worker: Person,
    readonly other: Person,
  ) {
    super("the device changes hands and needs another passphrase");
  }
}

/** The station has withdrawn this device: everything goes but what was not delivered, and the token
 * that it is handed over by. `last`: the lines the server says it has; put back to a backup, it may have
 * fewer than were answered, and the others are handed over as well. */
export function withdraw(session: Session, last = Number.MAX_SAFE_INTEGER): Promise<void> {
  return session.change(async (state) => {
    const delivered = await deliveredOf(session.store, state.answered, last);
    const wordsKept = await wordsLeft(session);
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
        await wordsKept(store);
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

/** What the server had of a line for good: done, or kept for a person with both values. */
const TAKEN: readonly string[] = ["accepted", "merged", "conflict"];
/** A withdrawn device has handed over what it had: that is the station's. */
const HANDED_OVER: ReadonlySet<string> = new Set([...TAKEN, "quarantined"]);

/** Become the device the server has bound as `next`, with that id and key and a chain of its own, and
 * with every mutation that is kept here, under the id it had, but what was refused and put away. Those that were
 * taken too: this device cannot know whether the server still has them, as after a backup from before the
 * binding; what it has it does not do again. So also what a person has decided stands. `enrolled` is what the state becomes by
 * the server's answer; `passphrase`, should the phone change hands, that of whoever has it from now on.
 * Answers the session to go on with. Throws OtherPersonError, NewPassphraseError,
 * PassphraseTooShortError; then all is as it was. */
export async function startOver(
  session: Session,
  next: Identity,
  enrolled: (first: State) => State,
  passphrase: string | null = null,
): Promise<Session> {
  const { data, keys } = await session.change(async (before) => {
    const first = await firstState(next.device);
    const bound = enrolled(first);
    const hands = handsOf(before, bound);
    const { rows, end, untaken } = await rechained(session, first, { before, changesHands: hands !== null });
    if (hands !== null) {
      await checkNothingLeft(session.store, hands, { lines: rows.length - untaken, untaken });
    }
    const sealed = hands && (await sealedAnew(session, next, hands, passphrase));
    const { data, keys } = sealed ?? { data: session.data, keys: next };
    const write = async (store: Store): Promise<void> => {
      await become(store, keys, sealed?.wrapped);
      await Promise.all([store.base.clear(), store.scopes.clear(), picksDropped(store), store.outbox.clear()]);
      await store.outbox.bulkAdd(rows);
      await photosForgotten(store, new Set(rows.map(({ id }) => id)));
      if (hands !== null) {
        // What was remembered here was remembered for somebody else.
        await store.notes.clear();
      }
    };
    return { state: { ...bound, ...end }, write, value: { data, keys }, sealer: data };
  });
  return session.as(next.device, await keyOf(data, keys), data);
}

/** The same device under another identity. For another person nothing of the first one's secrets opens it:
 * neither the passphrase nor the phone's lock. */
async function become({ keys }: Store, next: Identity, wrapped?: NewKeys["wrapped"]): Promise<void> {
  const row = await keys.get("keys");
  if (row !== undefined) {
    const { next: _, other, ...kept } = row;
    const openers = wrapped ?? (other === undefined ? {} : { other });
    await keys.put({ ...kept, ...openers, ...next });
  }
}

interface Hands {
  readonly worker: Person;
  readonly other: Person;
}

/** From whom to whom the device goes; null where it stays with whom it was. */
function handsOf(before: State, after: State): Hands | null {
  const [worker, other] = [workerOf(before), workerOf(after)];
  const stays = worker === null || other === null || worker.user_id === other.user_id;
  return stays ? null : { worker, other };
}

/** Throws OtherPersonError where the first person's work is left. */
async function checkNothingLeft(
  store: Store,
  { worker, other }: Hands,
  lines: Pick<LeftOfOther, "lines" | "untaken">,
): Promise<void> {
  const left = { ...(await leftHere({ store })), ...lines };
  if (isAnythingLeft(left) || left.untaken > 0) {
    throw new OtherPersonError(worker, other, left);
  }
}

async function sealedAnew(
  { store, data }: Session,
  next: Identity,
  { worker, other }: Hands,
  passphrase: string | null,
): Promise<NewKeys> {
  if (passphrase === null) {
    throw new NewPassphraseError(worker, other);
  }
  return newKeysFor(store, next, { data, passphrase });
}

interface Past {
  readonly before: State;
  readonly changesHands: boolean;
}

async function rechained(
  session: Session,
  start: ChainEnd,
  past: Past,
): Promise<{ rows: OutboxRow[]; end: ChainEnd; untaken: number }> {
  const decisions = await decisionsOf(session);
  const rows: OutboxRow[] = [];
  let end: ChainEnd = { made: start.made, head: start.head };
  let untaken = 0;
  for (const old of await session.store.outbox.orderBy("n").toArray()) {
    const mutation = await mutationOf(session, old);
    const taken = wasTaken(old, decisions.get(old.id));
    if (mutation !== null && !isOver(old, taken) && !isGone(old, taken, past)) {
      const { row, ...next } = await chained(session.data, end, unchained(mutation));
      rows.push({ ...row, ...carriedOver(old, taken, past.before) });
      untaken += isUnanswered(old) || taken ? 0 : 1;
      end = { made: next.made, head: next.head };
    }
  }
  return { rows, end, untaken };
}

/** Whether a line was done, as far as is known here: so it was answered, be it to an earlier device of this phone,
 * or a person at the station did it after all. */
function wasTaken(old: OutboxRow, decision: Decision | undefined): boolean {
  return TAKEN.includes(old.state) || isAgain(old) || (decision !== undefined && isDone(decision));
}

/** Not done, as far as is known, and the officer has dealt with it. */
function isOver({ dismissed }: OutboxRow, taken: boolean): boolean {
  return dismissed === true && !taken;
}

/** Whether a line is not sent once more. What was done for one person is not sent under the name of another. */
function isGone({ state }: OutboxRow, taken: boolean, { before, changesHands }: Past): boolean {
  return before.status === "revoked" ? HANDED_OVER.has(state) : changesHands && taken;
}

/** What is known of a line and the server does not know. Where it did not know the device, all that was taken is
 * lost there, and a photo it had may be: it is no longer here. */
function carriedOver(
  { arrived, dismissed, mended }: OutboxRow,
  taken: boolean,
  { unknown }: State,
): Partial<OutboxRow> {
  const again = taken && unknown !== true;
  return {
    ...(arrived === undefined ? {} : { arrived: arrived && unknown !== true }),
    ...(mended === true ? { mended } : {}),
    ...(again ? { again } : {}),
    // What is done anew there is told anew.
    ...(again && dismissed === true ? { dismissed } : {}),
  };
}

/** What was said, without its place in the old chain. Times signed for another device prove nothing. */
function unchained({ id, type, schema, saved_at, body }: Mutation): Omit<Mutation, "n" | "salt"> {
  return { id, type, schema, saved_at, body, anchor: null };
}
