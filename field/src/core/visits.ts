// A visit as it is recorded on the spot: begun, added to, finished. Each step is durable by itself;
// the finished visit becomes one mutation, and its draft goes in the same transaction.

import { uuidv7 } from "uuidv7";
import { isoOf } from "./clock";
import { fatesOf, type Untaken } from "./fates";
import { latestKnown } from "./lease";
import { visitNotesDropped } from "./notes";
import { putAwayAs } from "./outbox";
import { TooManyPhotosError, tooManyBeside } from "./photos/photos";
import {
  photosDropped,
  photosGivenBack,
  photosOfRefused,
  photosTakenUp,
  visitRecorded,
} from "./photos/places";
import { type Body, MOST_REPLACED, replacedBy } from "./protocol";
import { record, type Recorded } from "./recording";
import type { Session, State } from "./session";
import { NO_WRITE, RECORDED, type Store, type Write } from "./store";
import { dayOf } from "./verdicts/periods";

/** What a visit may have several of. */
export type ManyParts = "calls" | "information" | "matters";
/** What it has at most one of. */
export type OnePart = "warning" | "session";

export interface VisitBegun {
  readonly village_code: string;
  readonly staff_id: string;
  /** Milliseconds; now unless said. */
  readonly arrivedAt?: number;
}

export interface VisitFinished {
  /** Milliseconds; now unless said. */
  readonly leftAt?: number;
  readonly log?: string;
  readonly overnight_reason?: string;
  /** Where it is finished, in degrees, with the error in metres; only if the officer allows it. */
  readonly position?: Position;
}

export interface Position {
  readonly longitude: number;
  readonly latitude: number;
  readonly accuracy: number;
}

/** A visit under way, as it will be sent. */
export interface Draft {
  readonly id: string;
  readonly village_code: string;
  readonly staff_id: string;
  readonly arrived_at: string;
  readonly calls: readonly Body[];
  readonly information: readonly Body[];
  readonly matters: readonly Body[];
  readonly warning?: Body;
  readonly session?: Body;
  /** What was said at the end of a visit that was refused and is taken up again. */
  readonly before?: VisitEnd;
  /** The latest moment the phone could tell to be past when it began, in milliseconds (`latestKnown`). A beginning
   * before that was written by a clock that was behind. */
  readonly known?: number;
}

export interface VisitEnd {
  readonly left_at: string;
  readonly log: string;
  readonly overnight_reason: string;
  /** Why it was refused, in the words the officer was shown. */
  readonly why: readonly string[];
  /** The ids of the refused line and of the visit it was to make. */
  readonly line: string;
  readonly visit: string;
  /** The ids of the refused lines that one stood for, the last first; drafts of an earlier version have none. */
  readonly earlier?: readonly string[];
}

export class NoDraftError extends Error {}
/** What was to be taken from it, or given up, is finished or given up by now, in another window. */
export class VisitOverError extends NoDraftError {}
/** The line is no visit that was refused, its content is gone, or the station has it by now. */
export class NotRefusedError extends Error {}

/** Begin a visit; its id is the draft's and later the record's. */
export async function startVisit(session: Session, begun: VisitBegun): Promise<string> {
  const draft: Draft = {
    id: uuidv7(),
    village_code: begun.village_code,
    staff_id: begun.staff_id,
    arrived_at: isoOf(begun.arrivedAt ?? session.clock.now()),
    calls: [],
    information: [],
    matters: [],
  };
  await keep(session, ({ contact }) =>
    Promise.resolve(contact === null ? draft : { ...draft, known: latestKnown(contact) }),
  );
  return draft.id;
}

/** Add a part; its id, made here where it has none, is answered. A second warning or session replaces
 * the first. `also` is written with it. */
export async function addToVisit(
  session: Session,
  visit: string,
  name: ManyParts | OnePart,
  part: Body,
  also: Write = NO_WRITE,
): Promise<string> {
  const said: Body & { readonly id: string } = { id: uuidv7(), ...part };
  const added = async (): Promise<Draft> => {
    const draft = await draftOf(session, visit);
    // A visit taken up again is long over: what is added was not done now.
    const whole = draft.before ? untimed(said) : said;
    return name === "warning" || name === "session"
      ? { ...draft, [name]: whole }
      : { ...draft, [name]: [...draft[name], whole] };
  };
  await keep(session, added, also);
  return said.id;
}

/** Take a part out again, and its photos with it, before the visit is finished. Throws VisitOverError. */
export function dropFromVisit(session: Session, visit: string, part: string): Promise<void> {
  const without = async (): Promise<Draft> => {
    await checkUnderWay(session, visit);
    const { warning, session: held, ...draft } = await draftOf(session, visit);
    const others = (parts: readonly Body[]): Body[] => parts.filter(({ id }) => id !== part);
    return {
      ...draft,
      calls: others(draft.calls),
      information: others(draft.information),
      matters: others(draft.matters),
      ...(warning && warning["id"] !== part ? { warning } : {}),
      ...(held && held["id"] !== part ? { session: held } : {}),
    };
  };
  return keep(session, without, (store) => photosDropped(store, { owner: part }));
}

/** Finish a visit: from here on it is a line of the outbox. `also` is written with it. Throws NoDraftError,
 * and TooManyPhotosError where more than may would stand beside it. */
export function finishVisit(
  session: Session,
  visit: string,
  finished: VisitFinished = {},
  also: Write = NO_WRITE,
): Promise<Recorded> {
  const now = session.clock.now();
  const { leftAt = now, ...said } = finished;
  const times = { left_at: isoOf(leftAt), recorded_at: isoOf(now) };
  let matters: readonly Body[] = [];
  const body = async (): Promise<Body> => {
    const { before, known: _, ...draft } = await draftOf(session, visit);
    ({ matters } = draft);
    if ((await tooManyBeside(session, visit, matters)).length > 0) {
      throw new TooManyPhotosError(visit);
    }
    return { ...draft, ...said, ...times, ...(before ? { replaces: linesOf(before) } : {}) };
  };
  return record(session, "visit_entry", body, async (store) => {
    await store.drafts.delete(visit);
    await visitRecorded(store, visit, matters);
    await visitNotesDropped(store, visit);
    await also(store);
  });
}

/** The refused lines a visit taken up again stands for: the server takes one of them all, and no other. */
export function linesOf({ line, earlier = [] }: VisitEnd): string[] {
  return [line, ...earlier].slice(0, MOST_REPLACED);
}

/** Say anew when a visit began. */
export function moveArrival(session: Session, visit: string, arrivedAt: number): Promise<void> {
  return keep(session, async () => {
    const draft = await draftOf(session, visit);
    const calls = callsSince(draft, arrivedAt, session.clock.now());
    return { ...draft, arrived_at: isoOf(arrivedAt), calls };
  });
}

/** The calls of a visit that began then. Their times were those of the old beginning, or of a clock that was
 * wrong: one that does not fit the new one, or is still to come, is dropped, and the call counts from when
 * the visit began. */
export function callsSince({ arrived_at, calls }: Draft, arrivedAt: number, now: number): Body[] {
  const day = dayOf(arrivedAt);
  const moved = day !== dayOf(Date.parse(arrived_at));
  const fits = (call: number): boolean =>
    call >= arrivedAt && call <= now && !(moved && dayOf(call) !== day);
  return calls.map((call) => (fits(Date.parse(String(call["occurred_at"]))) ? call : untimed(call)));
}

/** Take up a visit that was refused: it is under way again, with all that was said, under ids of its own, and
 * with its photos; the refused line is put away with that or not at all. `why` says of the line what is to be mended.
 * Whether the station has it meanwhile is looked at here: what the officer read may be older. Answers the
 * visit's new id. */
export function takeUpAgain(
  session: Session,
  n: number,
  why: (line: Untaken) => readonly string[] = () => [],
): Promise<string> {
  const visit = uuidv7();
  return session.change(async (state) => {
    const row = await session.store.outbox.get(n);
    const line = (await fatesOf(session)).untaken.find((one) => one.n === n);
    if (row === undefined || !line?.mendable) {
      throw new NotRefusedError(`line ${n}`);
    }
    const draft = againOf(line, visit, why(line));
    const sealed = await session.data.sealJson(placeOfDraft(visit), draft);
    const away = await putAwayAs(session.store, state, row);
    const owners = anewBy(line.mutation.body, draft);
    const photos = await photosOfRefused(session, new Set(owners.keys()));
    return {
      state,
      write: async (store: Store): Promise<void> => {
        const { drafts, outbox } = store;
        await Promise.all([
          drafts.add({ id: visit, sealed }),
          outbox.update(n, { ...away, mended: true }),
          photosTakenUp(store, photos, { visit, owners }),
        ]);
      },
      value: visit,
    };
  }, RECORDED);
}

function untimed({ occurred_at: _, ...part }: Body): Body {
  return part;
}

/** A visit's line as a draft. The server knows the ids it had: what comes under them again is refused. */
function againOf({ mutation }: Untaken, id: string, why: readonly string[]): Draft {
  const { body } = mutation;
  const { left_at, log, overnight_reason, recorded_at: _, position: __, replaces: ___, ...said } = body;
  const anew = (part: Body): Body => ({ ...part, id: uuidv7() });
  const { calls, information, matters, warning, session, ...visit } = said as unknown as Draft;
  return {
    ...visit,
    id,
    calls: calls.map(anew),
    information: information.map(anew),
    matters: matters.map(anew),
    ...(warning ? { warning: anew(warning) } : {}),
    ...(session ? { session: anew(session) } : {}),
    before: {
      left_at: String(left_at),
      log: String(log ?? ""),
      overnight_reason: String(overnight_reason ?? ""),
      why,
      line: mutation.id,
      visit: String(body["id"]),
      earlier: replacedBy(body),
    },
  };
}

/** What the visit and the matters of a line are in the draft made of it, by the ids they had. */
function anewBy(body: Body, { id, matters }: Draft): ReadonlyMap<string, string> {
  const before = body["matters"] as readonly Body[];
  const pairs = before.map((one, at): [string, string] => [String(one["id"]), String(matters[at]?.["id"])]);
  return new Map([[String(body["id"]), id], ...pairs]);
}

/** Drop a visit begun by mistake, or taken up again in vain: its photos are the refused one's again. Throws
 * VisitOverError: one that was finished is not given up. */
export function abandonVisit(session: Session, visit: string): Promise<void> {
  return session.change(async (state) => {
    await checkUnderWay(session, visit);
    return {
      state,
      write: async (store: Store): Promise<void> => {
        await store.drafts.delete(visit);
        await photosGivenBack(store, visit);
        await visitNotesDropped(store, visit);
      },
      value: undefined,
    };
  }, RECORDED);
}

async function checkUnderWay({ store }: Session, visit: string): Promise<void> {
  if ((await store.drafts.get(visit)) === undefined) {
    throw new VisitOverError(visit);
  }
}

/** The visits under way, oldest first. */
export async function draftsOf(session: Session): Promise<Draft[]> {
  const rows = await session.store.drafts.orderBy("id").toArray();
  return Promise.all(
    rows.map((row) => session.data.openJson<Draft>(placeOfDraft(row.id), row.sealed)),
  );
}

/** A visit under way. Throws NoDraftError. */
export async function draftOf(session: Session, visit: string): Promise<Draft> {
  const row = await session.store.drafts.get(visit);
  if (row === undefined) {
    throw new NoDraftError(visit);
  }
  return session.data.openJson<Draft>(placeOfDraft(visit), row.sealed);
}

function keep(
  session: Session,
  make: (state: State) => Promise<Draft>,
  also: Write = NO_WRITE,
): Promise<void> {
  return session.change(async (state) => {
    const draft = await make(state);
    const sealed = await session.data.sealJson(placeOfDraft(draft.id), draft);
    return {
      state,
      write: async (store: Store): Promise<void> => {
        await store.drafts.put({ id: draft.id, sealed });
        await also(store);
      },
      value: undefined,
    };
  }, RECORDED);
}

function placeOfDraft(visit: string): string {
  return `draft/${visit}`;
}
