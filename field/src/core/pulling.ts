// Pull: what changed at the server within this device's villages, until there is no more.

import { type PullAnswer, readPull } from "./answers";
import { utf8 } from "./bytes";
import { afterContact, authorised, checkAnchor } from "./contact";
import { wordsLeft } from "./edits";
import { KEPT_MS } from "./outbox";
import { SCHEMA } from "./protocol";
import { reopened } from "./pushing";
import { applied, cursorsOf, dropScope } from "./rows";
import { enrolmentOf, type Session, type State } from "./session";
import { NO_WRITE, type OutboxRow, type Store } from "./store";
import { sent, StrangeAnswerError, type Transport } from "./transport";

/** A county of 500 villages with 100,000 rows each would need fewer; a server that never ends, more. */
const MOST_ROUNDS = 30_000;
/** A scope that does not fit even when pulled from nothing will not fit the third time either. */
const MOST_DROPS = 3;

/** A scope's rows do not come to the digest the server names, however often they are pulled. */
export class DigestError extends Error {}

/** Pull until nothing is left to come. */
export async function pull(session: Session, transport: Transport): Promise<void> {
  // What the server had answered before the first pull began, the last pull has brought.
  const { answered } = await session.state();
  const drops = new Map<string, number>();
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const state = await session.state();
    const answer = await fetchNews(session, transport, state);
    const { again, dropped } = await keep(session, answer, answered);
    countDrops(drops, dropped);
    if (!again) {
      return;
    }
  }
  throw new StrangeAnswerError("the server never comes to an end");
}

async function fetchNews(
  session: Session,
  transport: Transport,
  state: State,
): Promise<PullAnswer> {
  const said = { schema: SCHEMA, unsent: state.made - state.answered, app: session.app };
  const body = utf8(JSON.stringify({ ...said, scopes: await cursorsOf(session) }));
  const headers = { ...authorised(session, state), "Content-Type": "application/json" };
  const reply = await sent(transport, { path: "pull", headers, body });
  const answer = await readPull(reply.body);
  await checkAnchor(session.deviceId, enrolmentOf(state).serverKey, answer.standing.anchor);
  return answer;
}

/** Write an answer, whole. `again`: there is more to pull; `dropped`: scopes that did not fit. */
function keep(
  session: Session,
  answer: PullAnswer,
  answered: number,
): Promise<{ again: boolean; dropped: string[] }> {
  return session.change(async (state) => {
    const news = await Promise.all(answer.scopes.map((scope) => applied(session, scope)));
    const dropped = answer.scopes.filter((_, at) => news[at]?.cursor === null);
    const again = news.some((one) => one.more);
    const { standing, revoked } = answer;
    const next = afterContact(session, state, standing);
    const behind = standing.last < state.answered;
    // An earlier page may have found that the server was put back: what it lacks it cannot bring.
    const brought = Math.min(answered, state.answered);
    const at = Date.parse(standing.anchor.at);
    const wordsKept = again ? NO_WRITE : await wordsLeft(session);
    const write = async (store: Store): Promise<void> => {
      for (const one of news) {
        await one.write(store);
      }
      for (const scope of revoked) {
        await dropScope(store, scope);
      }
      await (behind ? reopened(standing.last)(store) : settle(store, again ? 0 : brought, at));
      await forget(store, at, new Set(revoked));
      await wordsKept(store);
    };
    // A server with more lines than were made here has them from another copy of this store.
    const status = standing.last > state.made ? "forked" : next.status;
    const last = behind ? standing.last : state.answered;
    const value = { again, dropped: dropped.map(({ scope }) => scope) };
    return { state: { ...next, status, answered: last }, write, value };
  });
}

function countDrops(drops: Map<string, number>, dropped: readonly string[]): void {
  for (const scope of dropped) {
    const count = (drops.get(scope) ?? 0) + 1;
    drops.set(scope, count);
    if (count >= MOST_DROPS) {
      throw new DigestError(`scope ${scope} never fits its digest`);
    }
  }
}

/** Lines the pulled rows now speak for no longer lie over them. */
async function settle({ outbox }: Store, upTo: number, at: number): Promise<void> {
  // Their numbers in one answer: a cursor asks for each, which takes minutes of 10,000.
  const pending = await outbox.where("pending").equals(1).primaryKeys();
  const changes = { pending: 0, keptUntil: at + KEPT_MS } satisfies Partial<OutboxRow>;
  await outbox.bulkUpdate(pending.filter((n) => n <= upTo).map((key) => ({ key, changes })));
}

/** Let go of the content of delivered lines: of those kept long, and of those that may speak of a
 * village this device no longer has. */
async function forget({ outbox }: Store, at: number, lost: ReadonlySet<string>): Promise<void> {
  const kept = outbox.where("keptUntil");
  const delivered = lost.size > 0 ? kept.above(0) : kept.belowOrEqual(at);
  await delivered
    .and(({ keptUntil = 0, village }) => keptUntil <= at || village === "" || lost.has(village))
    .modify((row: { line: unknown; answer: unknown; keptUntil?: number }) => {
      row.line = null;
      row.answer = null;
      delete row.keptUntil;
    });
}
