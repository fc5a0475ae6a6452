import { expect, test } from "vitest";
import { chosen, type Household, householdsOf, mayCorrect } from "../../src/app/households";
import { lastVisits } from "../../src/app/villages";
import type { Row } from "../../src/core/protocol";
import { sync } from "../../src/core/syncing";
import { addToVisit, finishVisit, startVisit, takeUpAgain } from "../../src/core/visits";
import { enrolled } from "../devices";
import { VILLAGE } from "../exchanges";
import { refused } from "../refused";
import { Station } from "../station";

const NOW = "2026-11-22";

function home(id: string, address: string, priority = 0): Row {
  const fields = { village: VILLAGE, hamlet: "east", address, visit_priority: priority };
  return { row: "household", id, version: "1", ...fields };
}

function call(id: string, household: string, occurred_at: string, state = "valid"): Row {
  const fields = { village: VILLAGE, kind: "household_visit", household, occurred_at, state };
  return { row: "record", id, version: "1", ...fields };
}

async function phone() {
  const station = await Station.open();
  const changes = [
    { row: "hamlet", id: "east", version: "1", village: VILLAGE, name: "东头组" },
    home("ten", "10号"),
    home("two", "2号"),
    home("first", "8号", 3),
    home("lately", "1号"),
    { ...home("elsewhere", "3号"), village: "532323000001" },
    call("a", "lately", "2026-11-20T09:00:00+08:00"),
    call("b", "two", "2026-11-21T09:00:00+08:00", "withdrawn"),
  ];
  station.scopes.set(VILLAGE, { epoch: "a", changes });
  const session = await enrolled(station);
  await sync(session, station.transport);
  return session;
}

test("those with priority come first, then who waited longest, then by number", async () => {
  const found = await householdsOf(await phone(), VILLAGE);
  expect(found.map(({ id }) => id)).toEqual(["first", "two", "ten", "lately"]);
  expect(found[3]).toMatchObject({ last: "2026-11-20", hamletName: "东头组", priority: 0 });
});

test("a household of the visit under way counts as called on today", async () => {
  const session = await phone();
  const visit = await startVisit(session, { village_code: VILLAGE, staff_id: "s" });
  await addToVisit(session, visit, "calls", { household_id: "two", answers: {} });
  const found = await householdsOf(session, VILLAGE);
  expect(found.at(-1)).toMatchObject({ id: "two", last: NOW });
  expect((await lastVisits(session)).size).toBe(0);
  await finishVisit(session, visit);
  expect((await lastVisits(session)).get(VILLAGE)).toBe(NOW);
});

test("a household of a visit that is mended was called on when the visit was made, not today", async () => {
  const { session, station } = await refused();
  const [mended, older] = [home("h", "1号"), call("c", "other", "2026-11-21T09:00:00+08:00")];
  station.scopes.get(VILLAGE)?.changes.push(mended, home("other", "2号"), older);
  await sync(session, station.transport);
  await takeUpAgain(session, 1);
  const found = await householdsOf(session, VILLAGE);
  expect(found.map(({ id, last }) => [id, last])).toEqual([["h", "2026-11-20"], ["other", "2026-11-21"]]);
});

test("the search looks at groups and addresses", () => {
  const bare = { hamletName: "东头组", priority: 0, last: "" };
  const all: Household[] = [
    { ...bare, id: "a", hamlet: "east", address: "12号" },
    { ...bare, id: "b", hamlet: "west", hamletName: "西头组", address: "2A号" },
  ];
  const ids = (hamlet: string, words: string) => chosen(all, { hamlet, words }).map(({ id }) => id);
  expect(ids("", "")).toEqual(["a", "b"]);
  expect(ids("", " 2 ")).toEqual(["a", "b"]);
  expect(ids("", "2a")).toEqual(["b"]);
  expect(ids("", "西头")).toEqual(["b"]);
  expect(ids("east", "2a")).toEqual([]);
});

test("households are corrected by officers who serve the village, and by nobody else", async () => {
  const station = await Station.open();
  const posting = { row: "posting", version: "1", village: VILLAGE, staff: "s" };
  const serving = { ...posting, valid_from: "2026-01-01", valid_to: null };
  const session = await enrolled(station);
  const cases: [object, boolean][] = [
    [{ ...serving, role: "liaison_officer" }, true],
    [{ ...serving, role: "village_auxiliary" }, false],
    [{ ...serving, role: "liaison_officer", staff: "x" }, false],
    [{ ...serving, role: "liaison_officer", valid_to: NOW }, false],
  ];
  for (const [at, [row, wanted]] of cases.entries()) {
    const changes = [{ ...row, id: "p", version: String(at) } as Row];
    station.scopes.set(VILLAGE, { epoch: String(at), changes });
    await sync(session, station.transport);
    expect(await mayCorrect(session, VILLAGE)).toBe(wanted);
  }
});
