// A posting with two rules, as the server sends it, for tests of the month.

import type { ScopeChange } from "./station";

export const VILLAGE = "411526000001";
export const POSTING = "posting-1";
export const NOVEMBER = { period: "2026-11", kind: "month", from: "2026-11-01", to: "2026-12-01" };

const RULE = {
  clause: "二（一）", clause_note: "每月进村不少于两天", kind: "quota", roles: ["liaison_officer"],
  period: "month", operator: ">=", prorated: true, as_a_rule: false, advice_above: false,
  grace_days: 0, of_the_county: false,
};

function threshold(value: number): object[] {
  return [{ value, valid_from: null, valid_to: null }];
}

export const DAYS = {
  ...RULE, id: "visit-days", title: "进村天数", unit: "天", message: "{period}还差{gap}天进村",
  way: "有进村工作的天数，同一天几次只算一天", thresholds: threshold(2),
  event: {
    kind: "village_visit", subkinds: [], name: "进村工作", tally: "distinct_days",
    sub_period: null, lacking: null,
  },
};
export const HOUSES = {
  ...RULE, id: "household-visits", title: "入户走访", unit: "户", message: "{period}还差{gap}户走访",
  way: "走访的户数", thresholds: threshold(3),
  event: {
    kind: "household_visit", subkinds: [], name: "入户走访", tally: "distinct_objects",
    sub_period: null, lacking: null,
  },
};

export const STATES = {
  "visit-days": { n: 1, days: { "2026-11-05": 1 } },
  "household-visits": { n: 1, objects: { "house-1": 1 } },
};

export function standingRow(version: string, more: object = {}): ScopeChange {
  return {
    row: "standing", id: POSTING, version, posting: POSTING, village: VILLAGE, staff: "s",
    role: "liaison_officer", valid_from: "2026-01-01", valid_to: null, sync_kept: true,
    synced_at: null, watermark: "2026-11-22T08:00:00+08:00",
    periods: [{ ...NOVEMBER, policy: "d", available: 30, states: STATES }],
    ...more,
  };
}

export function rulesRow(rules: readonly object[] = [DAYS, HOUSES]): ScopeChange {
  const table = {
    policy: "bozhou-2014", title: "包村联系", document_number: "", digest: "d",
    minimum_days: { month: 7 }, rules,
  };
  return { row: "rules", id: POSTING, version: "1", village: VILLAGE, tables: [table] };
}

/** The visit and the call the state above counts. */
export function countedRows(): ScopeChange[] {
  const common = { village: VILLAGE, state: "valid", subkind: "", day: "2026-11-05" };
  const at = { occurred_at: "2026-11-05T09:00:00+08:00" };
  return [
    {
      row: "record", id: "visit-1", version: "1", kind: "village_visit", household: null,
      visit: null, details: { log: "巡村" }, ...common, ...at,
    },
    {
      row: "record", id: "call-1", version: "1", kind: "household_visit", household: "house-1",
      visit: "visit-1", details: {}, ...common, ...at,
    },
  ];
}
