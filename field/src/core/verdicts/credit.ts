// Which work counts for a posting, and what it adds to a rule's state or takes from it. Only work
// the server has not counted comes by here; it counts by the words the engines use.

import { holdsOn, type Period } from "./periods";
import type { EventMeasure, Rule, RuleState, Standing, Times } from "./table";

/** One piece of work, as far as rules look at it. The names are those of the events table. */
export interface Work {
  readonly kind: string;
  readonly subkind: string | null;
  readonly village_code: string | null;
  readonly staff_id: string | null;
  readonly local_date: string;
  readonly object_id: string | null;
  readonly log_id: string | null;
  readonly unit_code: string | null;
}

/** Work the server does not know of yet, and work it has counted that is taken back here. `synced`:
 * all that was done until then (milliseconds) will have arrived with it. */
export interface Unsent {
  readonly added: readonly Work[];
  readonly removed: readonly Work[];
  readonly synced: number | null;
}

export const NOTHING: Unsent = { added: [], removed: [], synced: null };

/** Whether a piece of work counts for the posting under the rule in the period. */
export function credited(rule: Rule, standing: Standing, period: Period, work: Work): boolean {
  return (
    rule.event !== null &&
    fits(rule.event, work) &&
    work.staff_id === standing.staff &&
    work.village_code === standing.village &&
    holdsOn(period.from, period.to, work.local_date) &&
    holdsOn(standing.valid_from, standing.valid_to, work.local_date)
  );
}

/** The state after what is not sent. */
export function after(
  rule: Rule,
  standing: Standing,
  period: Period,
  state: RuleState,
  unsent: Unsent,
): RuleState {
  const counts = (work: Work): boolean => credited(rule, standing, period, work);
  const taken = unsent.removed.filter(counts).reduce((so, work) => moved(rule, so, work, -1), state);
  return unsent.added.filter(counts).reduce((so, work) => moved(rule, so, work, 1), taken);
}

function fits(measure: EventMeasure, work: Work): boolean {
  const { kind, subkinds } = measure;
  const subkind = work.subkind ?? "";
  return work.kind === kind && (subkinds.length === 0 || subkinds.includes(subkind));
}

function moved(rule: Rule, state: RuleState, work: Work, by: 1 | -1): RuleState {
  const lacks = work[(rule.event?.lacking ?? "log_id") as keyof Work] === null;
  return {
    n: state.n + by,
    ...(state.days && { days: times(state.days, work.local_date, by) }),
    ...(state.objects && { objects: times(state.objects, work.object_id, by) }),
    ...(state.lacking !== undefined && { lacking: state.lacking + (lacks ? by : 0) }),
  };
}

/** What comes no more often is not there. */
function times(before: Times, name: string | null, by: 1 | -1): Times {
  if (name === null) {
    return before;
  }
  const { [name]: had = 0, ...others } = before;
  return had + by > 0 ? { ...others, [name]: had + by } : others;
}
