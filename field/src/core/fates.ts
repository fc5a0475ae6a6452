// What became of everything recorded: one's own records, each with how it stands with the server.

import { type OutboxEntry, outboxOf } from "./outbox";
import type { Body, Mutation, Problem } from "./protocol";
import type { Session } from "./session";
import type { OutboxState } from "./store";
import { madeBy, type Shown, view } from "./view";

/** `waiting`: on this phone only. `sent`: it may have arrived. `received`: the server has it.
 * `refused`: it was not taken, and says why. `undecided`: a person at the station decides. */
export type Fate = "waiting" | "sent" | "received" | "refused" | "undecided";

export interface Recorded extends Shown {
  readonly fate: Fate;
  /** The line that made it or changed it last; null: no line of it is kept here. */
  readonly line: number | null;
  /** What that line was to do: make the record, or change what there is. */
  readonly change: "made" | "corrected" | "withdrawn";
  readonly problem: Problem | null;
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

/** One's own records, and the matters first reported from this phone, by id. A record that was not
 * taken is among them until it is put away. */
export async function recordedOf(session: Session): Promise<Map<string, Recorded>> {
  const records = await view(session, "record");
  const matters = await view(session, REPORTED);
  const found = new Map<string, Recorded>(
    [...records.values()].map((row) => [row.id, { ...row, ...untouched(row) }]),
  );
  for (const entry of await outboxOf(session)) {
    const { mutation } = entry;
    if (mutation !== null) {
      note(found, matters, entry, mutation);
    }
  }
  return found;
}

function untouched({ pending }: Shown): Pick<Recorded, "fate" | "line" | "change" | "problem"> {
  // What is pending is spoken of by a line of the outbox, which says more.
  return { fate: pending ? "waiting" : "received", line: null, change: "made", problem: null };
}

/** Say of the rows a line speaks of what became of it. */
function note(
  found: Map<string, Recorded>,
  matters: ReadonlyMap<string, Shown>,
  { n, state, answer }: OutboxEntry,
  mutation: Mutation,
): void {
  const said = { fate: FATES[state], line: n, problem: answer?.problem ?? null };
  for (const { type, id, fields } of madeBy(mutation)) {
    const known = found.get(id) ?? (type === REPORTED ? matters.get(id) : undefined);
    const change = changeBy(mutation, id);
    const lost = change === "made" && (said.fate === "refused" || said.fate === "undecided");
    if (lost) {
      // The server has nothing of it, also where the next pull has yet to say so.
      found.set(id, { type, id, fields: asShown(fields), pending: false, ...said, change });
    } else if (known !== undefined) {
      found.set(id, { ...known, ...said, change });
    }
  }
}

/** A correction makes one record and puts away another. */
function changeBy({ type, body }: Mutation, id: string): Recorded["change"] {
  if (body["record_id"] !== id) {
    return "made";
  }
  return type === "withdrawal" ? "withdrawn" : "corrected";
}

/** What was not taken counts nowhere. */
function asShown(fields: Body): Body {
  return { ...fields, state: "refused" };
}
