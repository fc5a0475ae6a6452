import { describe, expect, it } from "vitest";
import { type Recorded, recordedOf } from "../../src/core/fates";
import { dismiss } from "../../src/core/outbox";
import type { FinalResult, Mutation } from "../../src/core/protocol";
import { record } from "../../src/core/recording";
import type { Session } from "../../src/core/session";
import { sync } from "../../src/core/syncing";
import { finishVisit, startVisit } from "../../src/core/visits";
import { enrolled } from "../devices";
import { countedRows, VILLAGE } from "../month_rows";
import { Station } from "../station";

const PROBLEM = { type: "about:blank#42201", title: "不对", status: 422, detail: "那天没有包村任职。" };

async function held(): Promise<{ session: Session; station: Station }> {
  const station = await Station.open();
  station.scopes.set(VILLAGE, { epoch: "e", changes: countedRows() });
  const session = await enrolled(station);
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
