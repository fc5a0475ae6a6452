// What became of everything recorded: one's own records, each with how it stands with the server, and
// the lines the server has not done.

import { type Decision, decisionsOf, isAtStation, isDone } from "./decisions";
import { momentOf } from "./moment";
import { dismiss, type OutboxEntry, outboxOf, wasDone } from "./outbox";
import { type Body, type Mutation, type Problem, replacedBy } from "./protocol";
import { villageOf } from "./recording";
import type { Session } from "./session";
import type { OutboxState } from "./store";
import { changeBy, type Doing, madeBy, type Shown, view, viewSome } from "./view";

/** `waiting`: on this phone only. `sent`: it may have arrived. `received`: the server has it.
 * `refused`: it was not taken, and says why. `undecided`: a person at the station decides. */
export type Fate = "waiting" | "sent" | "received" | "refused" | "undecided";

export interface Recorded extends Shown {
  readonly fate: Fate;
  /** The line that made it or changed it last; null: no line of it is kept here. */
  readonly line: number | null;
  /** What that line was to do. */
  readonly change: Doing;
  readonly problem: Problem | null;
  /** What a person at the station decided about that line. */
  readonly decision: Decision | null;
}

/** A line that was not done. */
export interface Untaken {
  readonly n: number;
  readonly fate: "refused" | "undecided";
  readonly mutation: Mutation;
  readonly problem: Problem | null;
  readonly decision: Decision | null;
  /** A visit the server has refused and, as far as this device may read, nobody has entered since:
   * `takeUpAgain` makes it one under way. Never where a decision could not be read, the rows being locked
   * or the village not on this device: it may have been taken. */
  readonly mendable: boolean;
  /** Nothing more is heard of it here, so it may be put away: refused or decided, or of a village whose
   * rows are not on this device, as its decision would be. Whoever could not read that waits. */
  readonly final: boolean;
  /** The record or matter it speaks of, where that is among those recorded. */
  readonly record: string | null;
}

export interface Fates {
  /** One's own records, and the matters reported or changed from this phone, by id. A record that was
   * not taken is among them until it is put away. */
  readonly records: ReadonlyMap<string, Recorded>;
  /** What was not taken and not put away, newest first; photos say it where they stand. */
  readonly untaken: readonly Untaken[];
}

const FATES: Readonly<Record<OutboxState, Fate>> = {
  waiting: "waiting",
  sent: "sent",
  accepted: "received",
  merged: "received",
  conflict: "undecided",
  quarantined: "undecided",
  rejected: "refused",
};

const REPORTED = "matter";

interface Known {
  readonly found: Map<string, Recorded>;
  readonly matters: ReadonlyMap<string, Shown>;
  readonly decisions: ReadonlyMap<string, Decision>;
  /** The lines the server has done. */
  readonly done: ReadonlySet<string>;
  /** The villages whose rows can be read; null while none can, the lease being over. */
  readonly readable: ReadonlySet<string> | null;
}

export async function fatesOf(session: Session): Promise<Fates> {
  const [records, matters, decisions, entries, { state, scopes }] = await Promise.all([
    view(session, "record"),
    view(session, REPORTED),
    decisionsOf(session),
    outboxOf(session),
    momentOf(session),
  ]);
  const found = new Map<string, Recorded>(
    [...records.values()].map((row) => [row.id, { ...row, ...untouched(row) }]),
  );
  const isOpen = session.watch.lease(state.contact) === "open";
  const readable = isOpen ? new Set(scopes.map(({ scope }) => scope)) : null;
  const done = new Set(entries.filter(wasDone).map(({ id }) => id));
  const known = { found, matters, decisions, done, readable };
  const untaken = entries.flatMap((entry) => note(known, entry));
  const placed = untaken.map((one) => ({ ...one, record: recordOf(found, one.mutation) }));
  return { records: found, untaken: placed.reverse() };
}

/** Whether what these refused lines said is at the station by now: a person decided so of one of them, a pull
 * has brought the record the first was to make, or a server that was put back to a backup has done one of them
 * since. False while that cannot be read. */
export async function isTaken(session: Session, lines: readonly string[], record: string): Promise<boolean> {
  const [decisions, rows, sent] = await Promise.all([
    decisionsOf(session),
    viewSome(session, "record", [record]),
    session.store.outbox.where("id").anyOf(lines).toArray(),
  ]);
  const decided = decisions.has(lines[0] ?? "");
  const made = !decided && rows.get(record)?.version !== undefined;
  return isAnyAtStation(decisions, lines) || sent.some(wasDone) || made;
}

function isAnyAtStation(decisions: ReadonlyMap<string, Decision>, lines: readonly string[]): boolean {
  return lines.some((line) => {
    const decision = decisions.get(line);
    return decision !== undefined && isAtStation(decision);
  });
}

/** One's own records, and the matters reported or changed from this phone, by id. */
export async function recordedOf(session: Session): Promise<ReadonlyMap<string, Recorded>> {
  return (await fatesOf(session)).records;
}

/** Show no more of a line that was not taken; of one that waits for a person, once nothing more is heard
 * of it. */
export async function putAway(session: Session, n: number): Promise<void> {
  const line = (await fatesOf(session)).untaken.find((one) => one.n === n);
  await dismiss(session, n, { final: line?.final === true });
}

function untouched({ pending }: Shown): Omit<Recorded, keyof Shown> {
  // What is pending is spoken of by a line of the outbox, which says more.
  const fate = pending ? "waiting" : "received";
  return { fate, line: null, change: "made", problem: null, decision: null };
}

/** Say of the rows a line speaks of what became of it; answers the line where it was not done. */
function note(known: Known, entry: OutboxEntry): Omit<Untaken, "record">[] {
  const { n, state, mutation } = entry;
  if (mutation === null) {
    return [];
  }
  const said = { ...standingOf(known, entry, mutation), line: n };
  const { fate, problem, decision } = said;
  for (const { type, id, fields } of madeBy(mutation)) {
    const row = known.found.get(id) ?? (type === REPORTED ? known.matters.get(id) : undefined);
    const change = changeBy(mutation, id);
    if (change === "made" && isUntaken(fate)) {
      // The server has nothing of it, also where the next pull has yet to say so.
      known.found.set(id, { type, id, fields: asShown(fields), pending: false, ...said, change });
    } else if (row !== undefined) {
      known.found.set(id, { ...row, ...said, change });
    }
  }
  if (!isUntaken(fate) || mutation.type === "photo") {
    return [];
  }
  const refused = state === "rejected" && mutation.type === "visit_entry";
  const { readable } = known;
  const heard = readable === null || readable.has(placeOf(known, mutation));
  const before = replacedBy(mutation.body);
  const station = isAnyAtStation(known.decisions, [entry.id, ...before]) || before.some((id) => known.done.has(id));
  const mendable = refused && readable !== null && heard && !station;
  return [{ n, fate, mutation, problem, decision, mendable, final: fate === "refused" || !heard }];
}

/** The village a line speaks of, which its decision is a row of: the one it names, or that of the record
 * or matter it names; empty where neither is here. */
function placeOf({ found, matters }: Known, { body }: Mutation): string {
  const named = body["record_id"] ?? body["matter_id"];
  const row = found.get(String(named)) ?? matters.get(String(named));
  return villageOf(body) || String(row?.fields["village"] ?? "");
}

/** How a line stands: a person may have decided since it was answered, or what it was to do is there. */
function standingOf(
  known: Known,
  { id, state, answer, again }: OutboxEntry,
  mutation: Mutation,
): Pick<Recorded, "fate" | "problem" | "decision"> {
  const fate = again ? "sent" : FATES[state];
  const problem = answer?.problem ?? null;
  if (!isUntaken(fate)) {
    return { fate, problem, decision: null };
  }
  const decision = known.decisions.get(id) ?? null;
  const done = decision === null ? isThere(known, mutation) : isDone(decision);
  if (done) {
    return { fate: "received", problem: null, decision };
  }
  return { fate: decision === null ? fate : "refused", problem, decision };
}

function isUntaken(fate: Fate): fate is Untaken["fate"] {
  return fate === "refused" || fate === "undecided";
}

/** Whether a pull has brought what a line was to make, or the record it was to withdraw as withdrawn:
 * whatever the answer was, the server has it. */
function isThere({ found, matters }: Known, mutation: Mutation): boolean {
  return madeBy(mutation).some(({ type, id }) => {
    const row = type === REPORTED ? matters.get(id) : found.get(id);
    if (row?.version === undefined || row.pending) {
      return false;
    }
    const change = changeBy(mutation, id);
    return change === "made" || (change === "withdrawn" && row.fields["state"] === "withdrawn");
  });
}

function recordOf(found: ReadonlyMap<string, Recorded>, mutation: Mutation): string | null {
  return madeBy(mutation).find(({ id }) => found.has(id))?.id ?? null;
}

/** What was not taken counts nowhere. */
function asShown(fields: Body): Body {
  return { ...fields, state: "refused" };
}
