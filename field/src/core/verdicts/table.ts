// What the server sends for the verdict stage: the compiled rule table and the state of a posting.
// The same words stand in src/cunjing/policy/rule_table.py and work_states.py.

import type { Period, PeriodKind, SubPeriodKind } from "./periods";

export type Operator = ">=" | "<=" | "=" | "between";
export type Tally = "count" | "distinct_days" | "distinct_objects" | "subperiods" | "lacking";
export type VerdictKind = "exempt" | "pass" | "not_due" | "unknown" | "advice" | "fail";
/** A number, an inclusive range, or as many as the period has days. */
export type ThresholdValue = number | readonly [number, number] | "every_day";

export interface DatedThreshold {
  readonly value: ThresholdValue;
  readonly valid_from: string | null;
  readonly valid_to: string | null;
}

/** Which events count, and how they become a number. */
export interface EventMeasure {
  readonly kind: string;
  /** Empty: any. */
  readonly subkinds: readonly string[];
  readonly name: string;
  readonly tally: Tally;
  readonly sub_period: SubPeriodKind | null;
  /** The column that must not be empty, for the tally `lacking`. */
  readonly lacking: string | null;
}

export interface Rule {
  readonly id: string;
  readonly clause: string;
  readonly clause_note: string;
  readonly title: string;
  readonly kind: string;
  readonly roles: readonly string[];
  /** Null: the rule looks at one day. */
  readonly period: PeriodKind | null;
  readonly event: EventMeasure | null;
  readonly operator: Operator;
  readonly thresholds: readonly DatedThreshold[];
  readonly prorated: boolean;
  readonly as_a_rule: boolean;
  readonly advice_above: boolean;
  readonly grace_days: number;
  readonly of_the_county: boolean;
  readonly unit: string;
  /** The shortfall with `{period}`, `{gap}`, `{value}`, `{threshold}`. */
  readonly message: string;
  /** How the number comes about, in words. */
  readonly way: string;
}

export interface RuleTable {
  readonly policy: string;
  readonly title: string;
  readonly document_number: string;
  readonly digest: string;
  readonly minimum_days: Readonly<Partial<Record<PeriodKind, number>>>;
  readonly rules: readonly Rule[];
}

/** How often each day or object comes among the credited events. */
export type Times = Readonly<Record<string, number>>;

/** One rule's state: `n` credited events, and what the rule's tally asks of them. `value` is there
 * where the rule looks at one day; null: a datum is missing. */
export interface RuleState {
  readonly n: number;
  readonly days?: Times;
  readonly objects?: Times;
  readonly lacking?: number;
  readonly value?: number | null;
}

/** A posting in one period. `available`: its days in the period without absences. */
export interface PeriodState extends Period {
  /** Digest of the policy that judges it. */
  readonly policy: string;
  readonly available: number;
  readonly states: Readonly<Record<string, RuleState>>;
}

export interface Standing {
  readonly posting: string;
  readonly village: string;
  readonly staff: string;
  readonly role: string;
  readonly valid_from: string;
  readonly valid_to: string | null;
  /** Whether the server knows until when everything has arrived from whom. */
  readonly sync_kept: boolean;
  /** Until when everything of the person is known to have arrived. */
  readonly synced_at: string | null;
  readonly periods: readonly PeriodState[];
}
