import { describe, expect, it } from "vitest";
import { record } from "../../src/core/recording";
import type { Session } from "../../src/core/session";
import { sync } from "../../src/core/syncing";
import type { Verdict } from "../../src/core/verdicts/judge";
import { countedBy, due, monthOf, running } from "../../src/core/verdicts/month";
import { closingDay, daysLeft, message, told, workedOut } from "../../src/core/verdicts/wording";
import { view } from "../../src/core/view";
import { addToVisit, finishVisit, startVisit } from "../../src/core/visits";
import { enrolled, type HandClock, surroundings } from "../devices";
import { countedRows, DAYS, NOVEMBER, rulesRow, STATES, standingRow, VILLAGE } from "../month_rows";
import { Station } from "../station";

const DAY_MS = 86_400_000;
const ENTRY = { village_code: VILLAGE, staff_id: "s" };

interface Held {
  readonly session: Session;
  readonly station: Station;
  readonly clock: HandClock;
}

async function held(): Promise<Held> {
  const station = await Station.open();
  station.scopes.set(VILLAGE, {
    epoch: "e",
    changes: [rulesRow(), standingRow("1"), ...countedRows()],
  });
  const around = surroundings();
  const session = await enrolled(station, around);
  await sync(session, station.transport);
  return { session, station, clock: around.clock };
}

async function verdict(session: Session, rule: string): Promise<Verdict> {
  const { verdicts } = await monthOf(session);
  const found = verdicts.find((one) => one.rule.id === rule);
  expect(found).toBeDefined();
  return found as Verdict;
}

async function visited(session: Session, ...houses: string[]): Promise<void> {
  const visit = await startVisit(session, ENTRY);
  for (const household_id of houses) {
    await addToVisit(session, visit, "calls", { household_id, answers: {} });
  }
  await finishVisit(session, visit, { log: "巡村" });
}

/** A rule of half months, of somebody who was there for so many days of November. */
async function spread(available: number): Promise<Verdict> {
  const event = { ...DAYS.event, tally: "subperiods", sub_period: "half_month" };
  return judgedAlone({ ...DAYS, unit: "段", event }, { ...NOVEMBER, available });
}

async function judgedAlone(rule: object, period: object): Promise<Verdict> {
  const station = await Station.open();
  const periods = [{ ...period, policy: "d", states: STATES }];
  station.scopes.set(VILLAGE, {
    epoch: "e",
    changes: [rulesRow([rule]), standingRow("1", { periods })],
  });
  const session = await enrolled(station, surroundings());
  await sync(session, station.transport);
  return verdict(session, "visit-days");
}

describe("my month", () => {
  it("says what is missing and until when", async () => {
    const { session } = await held();
    const days = await verdict(session, "visit-days");
    expect(days).toMatchObject({ verdict: "not_due", value: 1, threshold: 2, unsent: 0 });
    expect(message(days)).toBe("11月还差1天进村，截止2026年11月30日");
    expect(told(days)).toMatchObject({ wanted: "不少于2天", short: "还差1天" });
    expect(closingDay(days)).toBe("2026-11-30");
    // 22 to 30 November.
    expect(daysLeft(days)).toBe(9);
  });

  it("adds what stands on this phone alone, and marks it", async () => {
    const { session } = await held();
    await visited(session, "house-1", "house-2", "house-3");
    expect(await verdict(session, "visit-days")).toMatchObject({ verdict: "pass", value: 2, unsent: 1 });
    const houses = await verdict(session, "household-visits");
    expect(houses).toMatchObject({ verdict: "pass", value: 3, unsent: 3 });
    const shown = countedBy(houses, await view(session, "record"));
    expect(shown.filter(({ pending }) => pending)).toHaveLength(3);
    expect(shown.at(-1)?.id).toBe("call-1");
  });

  it("names the half of the month without a visit to whoever was there all of it", async () => {
    expect(told(await spread(30))).toMatchObject({ wanted: "不少于2段", short: "还差1段：11月下半月（16日至30日）" });
    // Ten days of leave take nothing off, but the second half need not be the one to come in.
    expect(told(await spread(20))).toMatchObject({ wanted: "不少于2段", short: "还差1段" });
    expect(told(await spread(10)).wanted).toBe(
      "不少于1段（任职（扣除请假）不满整个周期，要求由2段折算为1段）",
    );
  });

  it("shows the sum by which less is asked, or nothing", async () => {
    expect(workedOut(await spread(30))).toBe("");
    expect(workedOut(await spread(10))).toBe("本期共30天，在岗10天；2×10÷30＝0余20，有余数进一，应有1段");
    expect(workedOut(await spread(15))).toBe("本期共30天，在岗15天；2×15÷30＝1，应有1段");
    expect(workedOut(await spread(20))).toBe("本期共30天，在岗20天；2×20÷30＝1余10，有余数进一，应有2段");
    const short = await spread(4);
    expect(short.verdict).toBe("exempt");
    expect(workedOut(short)).toBe(`本期共30天，在岗4天；不足${short.table.minimum_days["month"]}天，免考`);
  });

  it("names the month in which days without a visit end", async () => {
    const quarter = { period: "2026-Q4", kind: "quarter", from: "2026-10-01", to: "2027-01-01" };
    const rule = { ...DAYS, period: "quarter", thresholds: [{ value: "every_day", valid_from: null, valid_to: null }] };
    const found = await judgedAlone(rule, { ...quarter, available: 92 });
    // It is 22 November.
    expect(told(found).short).toBe("还差91天：10月1日至11月4日、11月6日至22日");
  });

  it("counts nothing of another village, another month or another kind", async () => {
    const { session, clock } = await held();
    const elsewhere = await startVisit(session, { ...ENTRY, village_code: "411526000002" });
    await finishVisit(session, elsewhere);
    const arrivedAt = clock.now() - 25 * DAY_MS;
    const october = await startVisit(session, { ...ENTRY, arrivedAt });
    await finishVisit(session, october, { leftAt: arrivedAt + 3_600_000 });
    await record(session, "matter", { id: "m", kind: "hazard", ...ENTRY });
    expect(await verdict(session, "visit-days")).toMatchObject({ value: 1, unsent: 0 });
  });

  it("takes off what was withdrawn here with its parts, and puts a correction in its place", async () => {
    const { session } = await held();
    const body = { record_id: "visit-1", reason: "没有去", with_parts: true };
    await record(session, "withdrawal", body);
    expect(await verdict(session, "visit-days")).toMatchObject({ value: 0, verdict: "not_due" });
    expect(await verdict(session, "household-visits")).toMatchObject({ value: 0 });
  });

  it("counts a corrected visit on its new day only", async () => {
    const { session } = await held();
    const said = { id: "visit-2", kind: "village_visit", ...ENTRY, details: { log: "巡村" } };
    const occurred_at = "2026-11-06T09:00:00+08:00";
    const body = { record_id: "visit-1", record: { ...said, occurred_at }, reason: "日期错了" };
    await record(session, "correction", body);
    const days = await verdict(session, "visit-days");
    expect(days).toMatchObject({ value: 1 });
    expect(days.state.days).toEqual({ "2026-11-06": 1 });
  });

  it("counts once what has been sent and pulled", async () => {
    const { session, station } = await held();
    await visited(session, "house-2");
    const shown = await verdict(session, "visit-days");
    const row = { ...countedRows()[0], id: "v", version: "2", day: "2026-11-22" };
    const states = {
      "visit-days": { n: 2, days: { "2026-11-05": 1, "2026-11-22": 1 } },
      "household-visits": { n: 2, objects: { "house-1": 1, "house-2": 1 } },
    };
    const [period] = standingRow("1")["periods"] as object[];
    station.scopes.get(VILLAGE)?.changes.push(
      row as ReturnType<typeof standingRow>,
      standingRow("2", { periods: [{ ...period, states }] }),
    );
    await sync(session, station.transport);
    const after = await verdict(session, "visit-days");
    expect(after).toMatchObject({ value: 2, verdict: "pass", unsent: 0 });
    expect(after.value).toBe(shown.value);
  });

  it("holds nothing against anybody before all is known to have arrived", async () => {
    const { session, station, clock } = await held();
    clock.pass(9 * DAY_MS);
    station.time += 9 * DAY_MS;
    await sync(session, station.transport);
    expect((await verdict(session, "visit-days")).verdict).toBe("unknown");
    // The month is over: nothing runs, but what is not known yet stays on the list.
    const month = await monthOf(session);
    expect(running(month)).toEqual([]);
    expect(due(month).map(({ rule }) => rule.id)).toEqual(["household-visits", "visit-days"]);
    await record(session, "seen", { at: "2026-12-01T09:00:00+08:00" });
    const late = await verdict(session, "visit-days");
    expect(late.verdict).toBe("fail");
    expect(message(late)).toBe("11月还差1天进村");
    expect(due(await monthOf(session))).toEqual([]);
  });

  it("says of the last day that it is not over yet", async () => {
    const { session, station, clock } = await held();
    const rule = { ...DAYS, operator: "<=", thresholds: [{ value: 0, valid_from: null, valid_to: null }] };
    station.scopes.get(VILLAGE)?.changes.push({ ...rulesRow([rule]), version: "2" });
    clock.pass(8 * DAY_MS);
    station.time += 8 * DAY_MS;
    await sync(session, station.transport);
    const days = await verdict(session, "visit-days");
    expect(days).toMatchObject({ verdict: "unknown", threshold: 0 });
    expect(told(days).until).toBe("到2026年11月30日为止");
    expect(message(days)).toMatch(/；周期还没有结束，可能还有记录要上传$/);
    clock.pass(DAY_MS);
    station.time += DAY_MS;
    await sync(session, station.transport);
    const after = await verdict(session, "visit-days");
    expect(told(after).until).toBe("2026年11月30日已经到期");
    expect(message(after)).toMatch(/可能有记录没有上传$/);
  });

  it("goes by the server's time, whatever the phone's clock is set to", async () => {
    const { session, station, clock } = await held();
    clock.pass(10 * DAY_MS);
    station.time += 10 * DAY_MS;
    await sync(session, station.transport);
    clock.wall -= 300_000;
    expect((await verdict(session, "visit-days")).verdict).toBe("unknown");
  });

  it("shows nothing of the month once the lease has ended", async () => {
    const { session, clock } = await held();
    clock.pass(4 * DAY_MS);
    expect((await monthOf(session)).verdicts).toEqual([]);
  });
});
