import { expect, test } from "vitest";
import { comingDays } from "../../src/app/coming";
import { clockOf, comingWords } from "../../src/app/format";
import type { Body, Row } from "../../src/core/protocol";
import { sync } from "../../src/core/syncing";
import { enrolled, surroundings } from "../devices";
import { VILLAGE } from "../exchanges";
import { Station } from "../station";

const OTHER = "411526000002";

function planned(id: string, day: string, households: string[], village = VILLAGE): Row {
  return { row: "planned", id, version: "1", village, day, moved: false, households };
}

function agreed(id: string, day: string, more: Body): Row {
  const hours = { window_from: null, window_to: null };
  return { row: "agreed", id, version: "1", village: VILLAGE, day, ...hours, ...more };
}

async function phone(...rows: Row[]) {
  const station = await Station.open();
  const home = { row: "household", id: "h", version: "1", village: VILLAGE, address: "东庄3号" };
  station.scopes.set(VILLAGE, { epoch: "a", changes: [home, ...rows] });
  const around = surroundings();
  const session = await enrolled(station, around);
  await sync(session, station.transport);
  return { session, around };
}

test("what has gone by is left out, the next day comes first, a village's day is one", async () => {
  const { session } = await phone(
    planned("late", "2026-12-03", ["h", "i"]),
    planned("gone", "2026-11-21", ["h"]),
    planned("next", "2026-11-22", [], OTHER),
    agreed("promise", "2026-12-03", { household: "h", window_from: 570, window_to: 660 }),
  );
  expect(await comingDays(session)).toEqual([
    { day: "2026-11-22", village: OTHER, households: 0, agreed: [] },
    { day: "2026-12-03", village: VILLAGE, households: 2, agreed: ["9:30至11:00 东庄3号"] },
  ]);
});

test("an agreed day needs no plan; hours are said as far as they are known", async () => {
  const { session } = await phone(
    agreed("any", "2026-11-23", { household: "h" }),
    agreed("unknown", "2026-11-23", { household: "no row of it", window_to: 1_080 }),
    agreed("from", "2026-11-23", { household: "h", window_from: 840 }),
  );
  const [day] = await comingDays(session);
  expect(day).toMatchObject({ households: null });
  expect(day?.agreed).toEqual(["14:00以后 东庄3号", "18:00以前 一户", "东庄3号"]);
});

test("nothing is shown once the lease has ended", async () => {
  const { session, around } = await phone(planned("next", "2026-12-20", ["h"]));
  around.clock.pass(73 * 3_600_000);
  expect(await comingDays(session)).toEqual([]);
});

test("days to come are said by how far they are, with the day of the week", () => {
  expect(comingWords("2026-11-22", "2026-11-22")).toBe("今天");
  expect(comingWords("2026-11-23", "2026-11-22")).toBe("明天");
  expect(comingWords("2026-12-03", "2026-11-22")).toBe("12月3日 周四");
  expect(clockOf(545)).toBe("9:05");
});
