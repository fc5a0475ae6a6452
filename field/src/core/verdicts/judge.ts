// The verdict stage: a state and a rule become a verdict, in whole numbers. What it answers is what
// the engines answer (docs/reference/facts.md, section 2); tests hold them together.

import { after, type Unsent } from "./credit";
import { daysOf, holdsOn, partsOf, plusDays, startOf } from "./periods";
import type { Operator, PeriodState, Rule, RuleState, RuleTable, Standing, VerdictKind } from "./table";

/** A threshold that applies: a number or an inclusive range. */
export type Threshold = number | readonly [number, number];

export interface Verdict {
  readonly rule: Rule;
  readonly table: RuleTable;
  readonly standing: Standing;
  readonly period: PeriodState;
  /** The state the value comes from, with what was not sent. */
  readonly state: RuleState;
  /** Null: a datum it needs is missing. */
  readonly value: number | null;
  /** Prorated, and whole. */
  readonly threshold: Threshold;
  readonly full: Threshold;
  readonly verdict: VerdictKind;
  /** Credited events that the server does not know of. */
  readonly unsent: number;
  /** The moment it was judged from, in milliseconds. */
  readonly at: number;
}

/** All verdicts of a posting, period by period, in the order of the rule table. `at`: milliseconds. */
export function verdictsOf(
  standing: Standing,
  tables: readonly RuleTable[],
  unsent: Unsent,
  at: number,
): Verdict[] {
  return standing.periods.flatMap((period) => {
    const table = tables.find(({ digest }) => digest === period.policy);
    return (table?.rules ?? []).flatMap((rule) => {
      const state = period.states[rule.id];
      const full = thresholdOf(rule, period);
      return table === undefined || state === undefined || full === null
        ? []
        : [verdictOf({ rule, table, standing, period, full, at }, state, unsent)];
    });
  });
}

type Question = Pick<Verdict, "rule" | "table" | "standing" | "period" | "full" | "at">;

function verdictOf(question: Question, before: RuleState, unsent: Unsent): Verdict {
  const { rule, table, standing, period, full } = question;
  const state = after(rule, standing, period, before, unsent);
  const value = valueOf(rule, period, state);
  const least = table.minimum_days[period.kind] ?? 0;
  const exempt = rule.prorated && period.available < least;
  const threshold = exempt ? full : prorated(rule, period, full);
  const judged = { ...question, state, value, threshold, unsent: Math.max(0, state.n - before.n) };
  return { ...judged, verdict: exempt ? "exempt" : judge(judged, unsent) };
}

/** The whole threshold of the period's first day; null: the rule is not in force. */
function thresholdOf(rule: Rule, period: PeriodState): Threshold | null {
  const dated = rule.thresholds.find((one) => holdsOn(one.valid_from, one.valid_to, period.from));
  if (dated === undefined) {
    return null;
  }
  return dated.value === "every_day" ? daysOf(period) : dated.value;
}

/** ⌈threshold × available ÷ days in period⌉ for a prorated posting, else the whole. */
function prorated(rule: Rule, period: PeriodState, full: Threshold): Threshold {
  if (!rule.prorated || typeof full !== "number" || rule.operator !== ">=") {
    return full;
  }
  const days = daysOf(period);
  return Math.floor((full * period.available + days - 1) / days);
}

function valueOf(rule: Rule, period: PeriodState, state: RuleState): number | null {
  if (rule.event === null) {
    return state.value ?? null;
  }
  const days = Object.keys(state.days ?? {});
  switch (rule.event.tally) {
    case "count":
      return state.n;
    case "distinct_days":
      return days.length;
    case "distinct_objects":
      return Object.keys(state.objects ?? {}).length;
    case "lacking":
      return state.lacking ?? 0;
    case "subperiods": {
      const parts = partsOf(period, rule.event.sub_period ?? "half_month");
      return parts.filter(({ from, to }) => days.some((day) => from <= day && day < to)).length;
    }
  }
}

/** The first verdict that holds, but `exempt`. */
function judge(judged: Omit<Verdict, "verdict">, unsent: Unsent): VerdictKind {
  const { rule, period, value, threshold, at } = judged;
  if (value !== null && holds(rule.operator, value, threshold)) {
    return "pass";
  }
  if (rule.operator === ">=" && at < startOf(plusDays(period.to, rule.grace_days))) {
    return "not_due";
  }
  if (value === null || unheard(judged, unsent)) {
    return "unknown";
  }
  const above = typeof threshold !== "number" && value > threshold[1];
  return rule.as_a_rule || (rule.advice_above && above) ? "advice" : "fail";
}

function holds(operator: Operator, value: number, threshold: Threshold): boolean {
  if (typeof threshold !== "number") {
    return threshold[0] <= value && value <= threshold[1];
  }
  switch (operator) {
    case ">=":
      return value >= threshold;
    case "<=":
      return value <= threshold;
    default:
      return value === threshold;
  }
}

/** Whether something done in the period may still be on its way: absence of data is not absence of
 * work. What this device confirms arrives with the rest of what it sends. */
function unheard({ rule, standing, period }: Pick<Verdict, "rule" | "standing" | "period">, unsent: Unsent): boolean {
  if (rule.event === null || !standing.sync_kept) {
    return false;
  }
  const known = standing.synced_at === null ? null : Date.parse(standing.synced_at);
  const synced = Math.max(known ?? -Infinity, unsent.synced ?? -Infinity);
  return synced < startOf(period.to);
}
