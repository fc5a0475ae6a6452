// What both sides changed, as a village's screen lists it.

import { expect, test } from "vitest";
import { clashesIn } from "../../src/app/clashes";
import type { Shown } from "../../src/core/view";
import { OTHER, VILLAGE } from "../exchanges";

const NOW = Date.parse("2026-11-22T09:00:00+08:00");
const DAY = 86_400_000;

/** A clash that arose so many days ago. */
function clash(days: number, state: string, subject = "household", village = VILLAGE): Shown {
  const time = (NOW - days * DAY).toString(16).padStart(12, "0");
  const id = `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
  return { type: "conflict", id, fields: { village, subject, state, field: "address" }, version: "1", pending: false };
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

test("one whose id says no time is shown", () => {
  const rows = [{ ...clash(0, "kept"), id: "c-1" }];
  expect(states(clashesIn(rows, VILLAGE, NOW).households)).toEqual(["kept"]);
});
