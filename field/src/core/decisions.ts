// What people at the station decided about lines sent from here: those that were not done, and those
// of which a field was changed on both sides.

import type { Session } from "./session";
import { type Shown, view } from "./view";

/** Of a line that was not done: `applied`, done after all; `entered`, the station has entered it itself;
 * `dismissed`, it is not taken; `replaced`, it came once more, mended, and that was done. Of a field both sides changed, whose value stands: the station's, `kept`,
 * or this phone's, `taken`. */
export type Outcome = "applied" | "entered" | "dismissed" | "replaced" | "kept" | "taken";

export interface Decision {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly by: string;
}

/** The outcomes after which what the line wanted stands at the station. */
const DONE: ReadonlySet<Outcome> = new Set(["applied", "taken"]);

export function isDone({ outcome }: Decision): boolean {
  return DONE.has(outcome);
}

/** Whether what a line said is at the station, be it under another id: sent anew, it would be there twice. */
export function isAtStation(decision: Decision): boolean {
  return isDone(decision) || decision.outcome === "entered" || decision.outcome === "replaced";
}

/** The decisions by the ids of their lines: a device bound anew has its lines under other numbers. A line
 * that two devices sent may have two; done once, it is done. */
export async function decisionsOf(session: Session): Promise<ReadonlyMap<string, Decision>> {
  const [decisions, conflicts] = await Promise.all([view(session, "decision"), view(session, "conflict")]);
  const told = [...decisions.values()].map(({ fields }): [string, Decision] => [
    String(fields["line"]),
    said(fields["outcome"], fields["reason"], fields["decided_by"]),
  ]);
  const all = [...told, ...settled([...conflicts.values()])];
  return new Map([...all.filter(([, one]) => !isDone(one)), ...all.filter(([, one]) => isDone(one))]);
}

/** A line counts as settled when all its fields are; where the station's value stands for one of them,
 * not all was done. */
function settled(conflicts: readonly Shown[]): [string, Decision][] {
  const lines = new Map<string, Shown[]>();
  for (const one of conflicts) {
    const line = String(one.fields["line"]);
    lines.set(line, [...(lines.get(line) ?? []), one]);
  }
  return [...lines].flatMap(([line, fields]): [string, Decision][] => {
    const states = fields.map(({ fields: { state } }) => state);
    const [first] = fields;
    if (first === undefined || states.includes("open")) {
      return [];
    }
    const reasons = new Set(fields.map(({ fields: { reason } }) => String(reason)));
    const outcome = states.includes("kept") ? "kept" : "taken";
    return [[line, said(outcome, [...reasons].join("；"), first.fields["settled_by"])]];
  });
}

function said(outcome: unknown, reason: unknown, by: unknown): Decision {
  return { outcome: outcome as Outcome, reason: String(reason ?? ""), by: String(by ?? "") };
}
