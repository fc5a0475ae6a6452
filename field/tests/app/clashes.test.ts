// What both sides changed, as a village's screen lists it.

import { expect, test } from "vitest";
import { clashesIn } from "../../src/app/clashes";
import type { Shown } from "../../src/core/view";
import { OTHER, VILLAGE } from "../exchanges";

const NOW = Date.parse("2026-11-22T09:00:00+08:00");
const DAY = 86_400_000;

/** A clash of long ago, settled so many days ago where it is not open. */
function clash(days: number, state: string, subject = "household", village = VILLAGE): Shown {
  const at = state === "open" ? null : new Date(NOW - days * DAY).toISOString();
  const fields = { village, subject, state, field: "address", settled_at: at };
  return { type: "conflict", id: "019a0000-0000-7000-8000-000000000000", fields, version: "1", pending: false };
}

function states(rows: readonly Shown[]): unknown[] {
  return rows.map(({ fields }) => fields["state"]);
}

test("those about matters stand apart from those about households", () => {
  const rows = [clash(1, "open", "matter"), clash(1, "open"), clash(1, "open", "household", OTHER)];
  const { households, matters } = clashesIn(rows, VILLAGE, NOW);
  expect([...households, ...matters].map(({ fields }) => fields["subject"])).toEqual(["household", "matter"]);
});

test("what is settled is shown for a month, what is open until it is settled", () => {
  const rows = [clash(32, "kept"), clash(31, "kept"), clash(3, "taken"), clash(400, "open")];
  expect(states(clashesIn(rows, VILLAGE, NOW).households)).toEqual(["open", "kept", "taken"]);
});

test("one that does not say when it was settled is shown", () => {
  const rows = [{ ...clash(0, "kept"), fields: { village: VILLAGE, state: "kept" } }];
  expect(states(clashesIn(rows, VILLAGE, NOW).households)).toEqual(["kept"]);
});
