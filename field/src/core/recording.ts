// Recording: a mutation becomes a line, the line joins the chain, both are durable before the
// officer is told that it is saved.

import { uuidv7 } from "uuidv7";
import { hex, utf8, type Bytes } from "./bytes";
import { nextHash } from "./chain";
import { isoOf } from "./clock";
import { type Body, MOST_TEXT_BYTES, type Mutation, type MutationType, SCHEMA } from "./protocol";
import { random, type Sealer } from "./sealing";
import { placeOfLine, type Session, type State } from "./session";
import { type OutboxRow, RECORDED, type Store } from "./store";

const SALT_BYTES = 16;

export interface Recorded {
  readonly n: number;
  readonly id: string;
}

/** More than one push can carry; the forms never come near it. */
export class LineTooLongError extends Error {}

/** Record one mutation, durably. `also` is written with it or not at all; a body that rests on what
 * is stored is made by a function, so that nobody writes between reading and recording. `id` only
 * where another device has said the same under it. */
export function record(
  session: Session,
  type: MutationType,
  body: Body | ((before: State) => Body | Promise<Body>),
  also: (store: Store, made: Recorded) => PromiseLike<unknown> = () => Promise.resolve(),
  id: string = uuidv7(),
): Promise<Recorded> {
  return session.change(async (before) => {
    const said = {
      id,
      type,
      schema: SCHEMA,
      saved_at: isoOf(session.clock.now()),
      anchor: before.anchor,
      body: typeof body === "function" ? await body(before) : body,
    };
    const { row, ...end } = await chained(session.data, before, said);
    const write = async (store: Store): Promise<void> => {
      // `add`: a number is given once.
      await store.outbox.add(row);
      await also(store, { n: row.n, id: row.id });
    };
    return { state: { ...before, ...end }, write, value: { n: row.n, id: row.id } };
  }, RECORDED);
}

/** The end of a chain: number and hash of its last line. */
export type ChainEnd = Pick<State, "made" | "head">;

/** A line after the last of a chain, as it is kept, and the chain's new end. */
export async function chained(
  data: Sealer,
  end: ChainEnd,
  said: Omit<Mutation, "n" | "salt">,
): Promise<ChainEnd & { readonly row: OutboxRow }> {
  const n = end.made + 1;
  const salt = hex(random(SALT_BYTES));
  const line = lineOf({ n, salt, ...said });
  const [head, sealed] = await Promise.all([
    nextHash(end.head, salt, line),
    data.seal(placeOfLine(n), line),
  ]);
  const row: OutboxRow = {
    n,
    id: said.id,
    type: said.type,
    village: villageOf(said.body),
    hash: head,
    state: "waiting",
    line: sealed,
    answer: null,
    pending: 1,
  };
  return { made: n, head, row };
}

/** The village a line names; empty where it names none. */
export function villageOf({ village_code, record }: Body): string {
  const named = village_code ?? (record as Body | undefined)?.["village_code"];
  return typeof named === "string" ? named : "";
}

function lineOf(mutation: Mutation): Bytes {
  // Half a surrogate pair is no character; no UTF-8 reader takes it, and one would spoil the push.
  const line = utf8(JSON.stringify(mutation, (_, value: unknown) => wellFormed(value)));
  if (line.length > MOST_TEXT_BYTES / 2) {
    throw new LineTooLongError(`${line.length} bytes in one line`);
  }
  return line;
}

function wellFormed(value: unknown): unknown {
  return typeof value === "string" ? value.toWellFormed() : value;
}
