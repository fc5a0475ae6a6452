// Push: the lines the server has not answered, in order, until there are none left.

import { amountOf, carryLess, carryMore } from "./amount";
import { base64url, concat, hex, utf8, type Bytes } from "./bytes";
import { sha256 } from "./chain";
import { afterContact, authorised, checkAnchor } from "./contact";
import { isAgain, isUnanswered, lineBytes, placeOfAnswer, putAwayAs, wasDone } from "./outbox";
import {
  FINAL_RESULTS,
  MOST_TEXT_BYTES,
  type PushAnswer,
  type PushResult,
  SCHEMA,
} from "./protocol";
import { enrolmentOf, type Session, type State } from "./session";
import { sign } from "./signing";
import { isFull, type OutboxRow, type OutboxState, type Store } from "./store";
import {
  ask,
  gzipped,
  LostError,
  PROBLEMS,
  RefusedError,
  StrangeAnswerError,
  type Transport,
} from "./transport";

/** The server lacks lines this device no longer holds: only a person can say what to do. */
export class LinesMissingError extends Error {}

/** Lines as one push carries them. */
export interface Batch {
  readonly rows: readonly OutboxRow[];
  readonly text: Bytes;
}

/** Push everything; how many lines were answered. On a full phone nothing is written any more, and the
 * lines go all the same: what is not kept of the answers is with the server, which gives it again to
 * whoever sends the lines again. Throws then, once all are there. */
export async function push(session: Session, transport: Transport): Promise<number> {
  let answered = 0;
  let unkept: Unkept | null = null;
  for (;;) {
    const state = await session.state();
    const from = unkept === null ? state : { ...state, answered: unkept.upTo };
    const batch = await batchFrom(session, from, amountOf(session));
    const last = batch.rows.at(-1);
    if (last === undefined) {
      if (unkept !== null) {
        throw unkept.error;
      }
      return answered;
    }
    await mark(session, batch, "sent");
    try {
      const answer = await sendBatch(session, transport, state, batch);
      carryMore(session);
      // After one answer that was not kept none is: the lines of that one would count as answered.
      const kept: number | Error = unkept === null ? await keptOf(session, batch, answer) : unkept.error;
      if (typeof kept === "number") {
        answered += kept;
      } else {
        unkept = { upTo: last.n, error: kept };
      }
    } catch (error) {
      await recover(session, batch, error);
    }
  }
}

/** Up to which line the server has answered what could not be kept here, and why it could not. */
interface Unkept {
  readonly upTo: number;
  readonly error: Error;
}

/** Keep the results; how many were new, or what a full phone says. */
async function keptOf(session: Session, batch: Batch, answer: PushAnswer): Promise<number | Error> {
  try {
    return await keepAnswer(session, batch, answer);
  } catch (error) {
    if (isFull(error)) {
      return error;
    }
    throw error;
  }
}

/** The next lines to send, at most `most` of them. */
export async function batchFrom(session: Session, state: State, most: number): Promise<Batch> {
  const rows = await session.store.outbox.where("n").above(state.answered).limit(most).sortBy("n");
  const parts: Bytes[] = [];
  let length = 0;
  for (const row of rows) {
    const line = await lineBytes(session, row);
    if (line === null) {
      throw new LinesMissingError(`line ${row.n} is asked for again and no longer here`);
    }
    if (parts.length > 0 && length + line.length > MOST_TEXT_BYTES) {
      break;
    }
    parts.push(concat([line, utf8("\n")]));
    length += line.length + 1;
  }
  const kept = rows.slice(0, parts.length);
  if (kept.length > 0 && kept[0]?.n !== state.answered + 1) {
    throw new LinesMissingError(`line ${state.answered + 1} is not here`);
  }
  return { rows: kept, text: concat(parts) };
}

/** How a batch goes: to which address, declared as what, and in which wrapping. */
export interface Way {
  readonly path: string;
  readonly type: string;
  readonly wrap: (body: Bytes) => Promise<Bytes>;
}

const PUSH: Way = { path: "push", type: "application/gzip", wrap: (body) => Promise.resolve(body) };

/** Send a batch and check the answer. The header speaks of the body without its wrapping. */
export async function sendBatch(
  session: Session,
  transport: Transport,
  state: State,
  { rows, text }: Batch,
  { path, type, wrap }: Way = PUSH,
): Promise<PushAnswer> {
  const body = await gzipped(text);
  const header = {
    device: session.deviceId,
    schema: SCHEMA,
    first: rows[0]?.n ?? 0,
    count: rows.length,
    length: body.length,
    sha256: hex(await sha256(body)),
    head: rows.at(-1)?.hash ?? "",
  };
  const signed = { ...header, signature: await sign(session.signing, header) };
  const headers = {
    ...authorised(session, state),
    "Content-Type": type,
    "Cunjing-Push": base64url(utf8(JSON.stringify(signed))),
  };
  const answer = await ask<PushAnswer>(transport, { path, headers, body: await wrap(body) });
  await checkAnchor(session.deviceId, enrolmentOf(state).serverKey, answer.anchor);
  checkAnswer(rows, answer);
  return answer;
}

/** An answer names every line that was sent, each by its number and id, with a result it can have. */
function checkAnswer(rows: readonly OutboxRow[], answer: PushAnswer): void {
  const fits =
    Array.isArray(answer.results) &&
    answer.results.length === rows.length &&
    rows.every((row, at) => {
      const one = (answer.results as readonly PushResult[])[at];
      return one?.n === row.n && one.id === row.id && FINAL_RESULTS.includes(one.result);
    });
  const last = rows.at(-1);
  if (!fits || last === undefined || !(answer.last >= last.n)) {
    throw new StrangeAnswerError("the answer does not fit the push");
  }
  if (answer.last === last.n && answer.head !== last.hash) {
    throw new StrangeAnswerError("the server holds another chain");
  }
}

/** Keep the results; how many were new. A result once kept is not changed by hearing it again. */
export async function keepAnswer(session: Session, batch: Batch, answer: PushAnswer): Promise<number> {
  const results = new Map(answer.results.map((one) => [one.n, one]));
  const answers = new Map<number, Bytes | null>();
  for (const one of answer.results) {
    answers.set(one.n, await sealedAnswer(session, one));
  }
  return session.change(async (state) => {
    const open = batch.rows.filter((row) => row.n > state.answered);
    const changes = await Promise.all(open.map(async (row) => {
      const { n } = row;
      const result = results.get(n)?.result ?? "sent";
      // What the server has taken stays laid over the rows until a pull has brought it.
      const pending = wasDone({ state: result }) ? 1 : 0;
      const answer = answers.get(n) ?? null;
      const told = (await toldBefore(session.store, state, { row, result })) ?? { answer, dismissed: false };
      const changes: Partial<OutboxRow> = { state: result, pending, ...told };
      return { key: n, changes };
    }));
    const write = async (store: Store): Promise<void> => {
      await store.outbox.bulkUpdate(changes);
    };
    const last = batch.rows.at(-1)?.n ?? 0;
    const next = afterContact(session, state, answer);
    return {
      state: { ...next, answered: Math.max(state.answered, last) },
      write,
      value: open.length,
    };
  });
}

/** What makes a line one that was put away, where its answer is nothing new. What had been put away before the
 * server was put back is told anew; not so a visit that goes under another id since, nor a clash that an earlier
 * device of this phone had heard of. */
async function toldBefore(
  store: Store,
  state: State,
  { row, result }: { readonly row: OutboxRow; readonly result: OutboxState },
): Promise<Partial<OutboxRow> | null> {
  if (row.mended === true && result === "rejected") {
    return putAwayAs(store, state, row);
  }
  if (isAgain(row) && row.dismissed === true && result === "conflict") {
    // Bound anew the phone has no village yet: that says nothing about which it keeps.
    return putAwayAs(store, state, { ...row, village: "" });
  }
  return null;
}

async function sealedAnswer(session: Session, one: PushResult): Promise<Bytes | null> {
  const bare = one.problem == null && one.rows == null;
  return bare ? null : session.data.sealJson(placeOfAnswer(one.n), one);
}

/** Note which lines may have arrived. The officer reads it and nothing rests on it: a line goes again
 * until it is answered, noted or not. So where it cannot be written they go without. */
async function mark({ store }: Session, { rows }: Batch, state: OutboxState): Promise<void> {
  const numbers = rows.filter((row) => row.state !== state).map((row) => row.n);
  if (numbers.length > 0) {
    const changes = numbers.map((key) => ({ key, changes: { state } }));
    await store.outbox.bulkUpdate(changes).catch(() => undefined);
  }
}

/** What a failed push leaves to do before the next; throws on where there is nothing. */
async function recover(session: Session, batch: Batch, error: unknown): Promise<void> {
  if (error instanceof RefusedError && error.number === PROBLEMS.gap) {
    await goBack(session, error);
    return;
  }
  lessAfter(session, batch, error);
  if (!isTooLarge(error) || batch.rows.length === 1) {
    throw error;
  }
}

/** Where a batch did not get through, or not in, the next one is shorter. */
export function lessAfter(session: Session, { rows }: Batch, error: unknown): void {
  if (isTooLarge(error) || error instanceof LostError) {
    carryLess(session, rows.length);
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof RefusedError && error.number === PROBLEMS.tooLarge;
}

/** The server names a gap: it has fewer lines than it once answered. */
async function goBack(session: Session, error: RefusedError): Promise<void> {
  const { last } = error;
  await session.change(async (state) => {
    if (last === undefined || last >= state.answered) {
      throw new StrangeAnswerError("a gap where there is none");
    }
    return { state: { ...state, answered: last }, write: reopened(last), value: undefined };
  });
}

/** Writes that make the lines after `last` wait again: the server was put back to a backup. */
export function reopened(last: number): (store: Store) => PromiseLike<unknown> {
  return ({ outbox }) =>
    outbox
      .where("n")
      .above(last)
      .modify((row: Mutable) => {
        if (!isUnanswered(row)) {
          // What it had to say of the line it has lost, and the line with it.
          delete row.again;
        }
        Object.assign(row, { state: "waiting", answer: null, pending: 1 });
        delete row.keptUntil;
        if (row.arrived === true) {
          // Its photo may be lost: the server may not have it any more, and here it is not.
          row.arrived = false;
        }
      });
}

type Mutable = { -readonly [field in keyof OutboxRow]: OutboxRow[field] };
