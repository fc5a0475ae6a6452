import { describe, expect, it } from "vitest";
import { fatesOf, putAway, type Recorded, recordedOf } from "../../src/core/fates";
import { dismiss, outboxOf } from "../../src/core/outbox";
import type { FinalResult, Mutation } from "../../src/core/protocol";
import { record } from "../../src/core/recording";
import type { Session } from "../../src/core/session";
import { sync } from "../../src/core/syncing";
import { finishVisit, startVisit } from "../../src/core/visits";
import { enrolled, surroundings } from "../devices";
import { countedRows, VILLAGE } from "../month_rows";
import { type ScopeChange, Station } from "../station";

const PROBLEM = { type: "about:blank#42201", title: "不对", status: 422, detail: "那天没有包村任职。" };

async function held(around = surroundings()): Promise<{ session: Session; station: Station }> {
  const station = await Station.open();
  station.scopes.set(VILLAGE, { epoch: "e", changes: countedRows() });
  const session = await enrolled(station, around);
  await sync(session, station.transport);
  return { session, station };
}

async function visited(session: Session): Promise<string> {
  const visit = await startVisit(session, { village_code: VILLAGE, staff_id: "s" });
  await finishVisit(session, visit, { log: "巡村" });
  return visit;
}

async function fateOf(session: Session, id: string): Promise<Recorded> {
  const found = (await recordedOf(session)).get(id);
  expect(found).toBeDefined();
  return found as Recorded;
}

function judging(station: Station, result: FinalResult): void {
  station.judge = (_: Mutation) =>
    result === "accepted" ? { result } : { result, problem: PROBLEM };
}

describe("what became of a record", () => {
  it("is received when the server has it, waiting while it is here only", async () => {
    const { session, station } = await held();
    expect(await fateOf(session, "visit-1")).toMatchObject({ fate: "received", line: null });
    const visit = await visited(session);
    expect(await fateOf(session, visit)).toMatchObject({ fate: "waiting", change: "made", line: 1 });
    await sync(session, () => Promise.reject(new TypeError("no network")));
    // Nobody can say whether it arrived.
    expect((await fateOf(session, visit)).fate).toBe("sent");
    const changes = station.scopes.get(VILLAGE)?.changes;
    changes?.push({ ...countedRows()[0], id: visit, version: "2" } as (typeof changes)[number]);
    await sync(session, station.transport);
    expect((await fateOf(session, visit)).fate).toBe("received");
  });

  it("stays in sight with the reason where it was refused, until it is put away", async () => {
    const { session, station } = await held();
    judging(station, "rejected");
    const visit = await visited(session);
    await sync(session, station.transport);
    const refused = await fateOf(session, visit);
    expect(refused).toMatchObject({ fate: "refused", problem: PROBLEM, pending: false });
    expect(refused.fields).toMatchObject({ state: "refused", village: VILLAGE });
    expect((await fatesOf(session)).untaken).toMatchObject([{ n: 1, record: visit, mendable: true }]);
    await dismiss(session, refused.line ?? 0);
    expect((await recordedOf(session)).has(visit)).toBe(false);
  });

  it.each([
    ["conflict", "undecided"],
    ["quarantined", "undecided"],
    ["merged", "received"],
  ] as const)("of a line that is %s is %s", async (result, fate) => {
    const { session, station } = await held();
    judging(station, result);
    await record(session, "withdrawal", { record_id: "visit-1", reason: "没有去" });
    await sync(session, station.transport);
    expect(await fateOf(session, "visit-1")).toMatchObject({ fate, change: "withdrawn" });
  });

  it("of a correction that was refused says so beside the record that still holds", async () => {
    const { session, station } = await held();
    judging(station, "rejected");
    const said = { id: "visit-2", kind: "village_visit", village_code: VILLAGE };
    const again = { ...said, occurred_at: "2026-11-06T09:00:00+08:00" };
    await record(session, "correction", { record_id: "visit-1", record: again, reason: "日期填错" });
    expect(await fateOf(session, "visit-1")).toMatchObject({ fate: "waiting", change: "corrected" });
    await sync(session, station.transport);
    const before = await fateOf(session, "visit-1");
    expect(before).toMatchObject({ fate: "refused", change: "corrected", problem: PROBLEM });
    expect(before.fields["state"]).toBe("valid");
    expect(await fateOf(session, "visit-2")).toMatchObject({ fate: "refused", change: "made" });
  });

  it("is told of matters first reported here, and of nobody else's", async () => {
    const { session } = await held();
    const body = { id: "m", kind: "hazard", village_code: VILLAGE, summary: "路灯不亮" };
    await record(session, "matter", { ...body, opened_at: "2026-11-22T09:00:00+08:00" });
    expect(await fateOf(session, "m")).toMatchObject({ type: "matter", fate: "waiting" });
  });
});

function rowOf(fields: Record<string, unknown>): ScopeChange {
  return { version: "1", ...fields } as unknown as ScopeChange;
}

async function told(session: Session, station: Station, ...rows: ScopeChange[]): Promise<void> {
  station.scopes.get(VILLAGE)?.changes.push(...rows);
  await sync(session, station.transport);
}

async function lineId(session: Session, n = 1): Promise<string> {
  return (await outboxOf(session)).find((one) => one.n === n)?.id ?? "";
}

function decided(line: string, outcome: string): ScopeChange {
  const said = { outcome, reason: "到村核对", decided_by: "王所长", village: VILLAGE };
  return rowOf({ row: "decision", id: `d-${line}`, line, ...said });
}

const DECIDED = { reason: "到村核对", by: "王所长" };

describe("what a person at the station decided", () => {
  it.each(["rejected", "quarantined"] as const)("about a line that was %s makes it received where it was taken", async (result) => {
    const { session, station } = await held();
    judging(station, result);
    const visit = await visited(session);
    await sync(session, station.transport);
    const pulled = { ...countedRows()[0], id: visit, version: "2" } as ScopeChange;
    await told(session, station, pulled, decided(await lineId(session), "applied"));
    const found = await fateOf(session, visit);
    expect(found).toMatchObject({ fate: "received", problem: null, decision: { outcome: "applied", ...DECIDED } });
    expect(found.fields["state"]).toBe("valid");
    expect((await fatesOf(session)).untaken).toEqual([]);
  });

  it("counts by the record alone where the word of it has not come", async () => {
    const { session, station } = await held();
    judging(station, "quarantined");
    const visit = await visited(session);
    await sync(session, station.transport);
    await told(session, station, { ...countedRows()[0], id: visit, version: "2" } as ScopeChange);
    const found = await fateOf(session, visit);
    expect(found).toMatchObject({ fate: "received", problem: null, decision: null });
    expect(found.fields["state"]).toBe("valid");
  });

  it.each(["entered", "dismissed"] as const)("is shown with its reason, and what nobody had understood may then be put away: %s", async (outcome) => {
    const { session, station } = await held();
    judging(station, "quarantined");
    const visit = await visited(session);
    await sync(session, station.transport);
    expect((await fateOf(session, visit)).fate).toBe("undecided");
    await putAway(session, 1);
    expect((await fatesOf(session)).untaken).toHaveLength(1);
    await told(session, station, decided(await lineId(session), outcome));
    const found = await fateOf(session, visit);
    expect(found).toMatchObject({ fate: "refused", decision: { outcome, ...DECIDED } });
    // What nobody understood cannot be mended here either.
    expect((await fatesOf(session)).untaken[0]?.mendable).toBe(false);
    await putAway(session, 1);
    expect((await fatesOf(session)).untaken).toEqual([]);
    expect((await recordedOf(session)).has(visit)).toBe(false);
  });

  it.each([
    [["kept"], { fate: "refused", decision: { outcome: "kept", ...DECIDED } }],
    [["taken"], { fate: "received", decision: { outcome: "taken", ...DECIDED } }],
    [["taken", "kept"], { fate: "refused", decision: { outcome: "kept", ...DECIDED } }],
    [["taken", "open"], { fate: "undecided", decision: null }],
  ])("about a field both sides changed ends the waiting: %s", async (states, wanted) => {
    const { session, station } = await held();
    await told(session, station, rowOf({ row: "matter", id: "m", village: VILLAGE, summary: "旧" }));
    judging(station, "conflict");
    const fields = { summary: { from: "旧", to: "新" } };
    await record(session, "matter_change", { village_code: VILLAGE, matter_id: "m", base_version: "1", fields });
    await sync(session, station.transport);
    expect(await fateOf(session, "m")).toMatchObject({ fate: "undecided", change: "changed", fields: { summary: "旧" } });
    const line = await lineId(session);
    const said = { row: "conflict", village: VILLAGE, line, record: "m", settled_by: "王所长" };
    const clashes = states.map((state, at) =>
      rowOf({ ...said, id: `c-${at}`, state, reason: state === "open" ? "" : "到村核对" }),
    );
    await told(session, station, ...clashes);
    expect(await fateOf(session, "m")).toMatchObject(wanted);
  });
});

describe("what was decided twice", () => {
  it.each([["applied", "dismissed"], ["dismissed", "applied"]])("is done where it was done once: %s, %s", async (first, second) => {
    const { session, station } = await held();
    judging(station, "rejected");
    const visit = await visited(session);
    await sync(session, station.transport);
    const line = await lineId(session);
    await told(session, station, { ...decided(line, first), id: "d-1" }, { ...decided(line, second), id: "d-2" });
    expect((await fatesOf(session)).untaken).toEqual([]);
    expect((await recordedOf(session)).get(visit)?.fate).not.toBe("refused");
  });
});

describe("a line whose decision does not reach this device", () => {
  const ELSEWHERE = "411526000099";

  async function undecided(result: "conflict" | "quarantined") {
    const around = surroundings();
    const { session, station } = await held(around);
    station.scopes.set(ELSEWHERE, { epoch: "e", changes: [] });
    await sync(session, station.transport);
    judging(station, result);
    const fields = { address: { from: "", to: "1号" } };
    const change = { village_code: ELSEWHERE, household_id: "h", base_version: "", fields };
    await record(session, "household_change", change);
    await sync(session, station.transport);
    return { around, session, station };
  }

  it.each(["conflict", "quarantined"] as const)("may be put away: a village was taken away, %s", async (result) => {
    const { session, station } = await undecided(result);
    expect((await fatesOf(session)).untaken).toMatchObject([{ fate: "undecided", final: false }]);
    station.scopes.delete(ELSEWHERE);
    await sync(session, station.transport);
    expect((await fatesOf(session)).untaken).toMatchObject([{ fate: "undecided", final: true }]);
    await putAway(session, 1);
    expect((await fatesOf(session)).untaken).toEqual([]);
    // Nothing of that village is kept.
    expect((await session.store.outbox.get(1))?.line).toBeNull();
  });

  it("is not final while nobody may read which villages there are", async () => {
    const { around, session, station } = await undecided("quarantined");
    station.scopes.delete(ELSEWHERE);
    await sync(session, station.transport);
    around.clock.pass(73 * 3_600_000);
    expect((await fatesOf(session)).untaken).toMatchObject([{ fate: "undecided", final: false }]);
    await putAway(session, 1);
    expect((await fatesOf(session)).untaken).toHaveLength(1);
  });

  it("may be put away where it speaks of no village, not where it names a record of one", async () => {
    const { session, station } = await held();
    judging(station, "quarantined");
    await record(session, "withdrawal", { record_id: "visit-1", reason: "没有去" });
    await record(session, "withdrawal", { record_id: "gone", reason: "没有去" });
    await record(session, "seen", { at: "2026-11-22T09:00:00+08:00" });
    await sync(session, station.transport);
    const { untaken } = await fatesOf(session);
    expect(untaken.map(({ n, final }) => [n, final])).toEqual([[3, true], [2, true], [1, false]]);
    for (const { n } of untaken) {
      await putAway(session, n);
    }
    expect((await fatesOf(session)).untaken.map(({ n }) => n)).toEqual([1]);
  });
});

describe("what was not taken", () => {
  it("is not offered to be sent anew while nobody can read whether it was taken since", async () => {
    const around = surroundings();
    const { session, station } = await held(around);
    judging(station, "rejected");
    await visited(session);
    await sync(session, station.transport);
    expect((await fatesOf(session)).untaken[0]?.mendable).toBe(true);
    around.clock.pass(73 * 3_600_000);
    expect((await fatesOf(session)).untaken[0]).toMatchObject({ fate: "refused", mendable: false });
    const elsewhere = await startVisit(session, { village_code: "411526000099", staff_id: "s" });
    await finishVisit(session, elsewhere);
    await sync(session, station.transport);
    expect((await fatesOf(session)).untaken.map(({ mendable }) => mendable)).toEqual([false, true]);
  });

  it("is listed whatever it speaks of, until it is put away", async () => {
    const { session, station } = await held();
    judging(station, "rejected");
    const change = { village_code: VILLAGE, base_version: "", fields: { address: { from: "", to: "1号" } } };
    await record(session, "household_change", { ...change, household_id: "h" });
    await record(session, "matter_change", { ...change, matter_id: "closed" });
    await record(session, "answer", { village_code: VILLAGE, question_id: "q", text: "去了" });
    await record(session, "seen", { at: "2026-11-22T09:00:00+08:00" });
    await record(session, "withdrawal", { record_id: "visit-1", reason: "没有去" });
    await sync(session, station.transport);
    const { untaken, records } = await fatesOf(session);
    expect(untaken.map(({ n, mutation, record: of }) => [n, mutation.type, of])).toEqual([
      [5, "withdrawal", "visit-1"],
      [4, "seen", null],
      [3, "answer", null],
      [2, "matter_change", null],
      [1, "household_change", null],
    ]);
    // A household is no record, and no record was made of a change.
    expect([...records.keys()].filter((id) => ["h", "closed", "q"].includes(id))).toEqual([]);
    await putAway(session, 5);
    expect(await fateOf(session, "visit-1")).toMatchObject({ fate: "received" });
    expect((await fatesOf(session)).untaken).toHaveLength(4);
  });

  it("is over where the record is withdrawn all the same", async () => {
    const { session, station } = await held();
    judging(station, "rejected");
    await record(session, "withdrawal", { record_id: "visit-1", reason: "没有去" });
    await sync(session, station.transport);
    expect((await fatesOf(session)).untaken).toHaveLength(1);
    await told(session, station, { ...countedRows()[0], id: "visit-1", version: "2", state: "withdrawn" } as ScopeChange);
    expect((await fatesOf(session)).untaken).toEqual([]);
    expect((await fateOf(session, "visit-1")).fate).toBe("received");
  });
});
