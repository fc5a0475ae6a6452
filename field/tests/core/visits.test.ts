import { describe, expect, it } from "vitest";
import { doubtOf } from "../../src/app/finishing";
import { isoOf } from "../../src/core/clock";
import { unlockDevice } from "../../src/core/device";
import { outboxOf } from "../../src/core/outbox";
import { record } from "../../src/core/recording";
import { view } from "../../src/core/view";
import {
  abandonVisit,
  addToVisit,
  draftOf,
  draftsOf,
  dropFromVisit,
  finishVisit,
  linesOf,
  moveArrival,
  NoDraftError,
  NotRefusedError,
  startVisit,
  takeUpAgain,
  VisitOverError,
} from "../../src/core/visits";
import { fatesOf, isTaken } from "../../src/core/fates";
import { sync } from "../../src/core/syncing";
import { enrolled, newSession, PASSPHRASE, surroundings } from "../devices";
import { decidedOn, heard, madeOf, type Refused, refused, refusedAndTakenUp } from "../refused";
import { Station } from "../station";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BEGUN = { village_code: "411526000001", staff_id: "s" };
const ANSWERS = { topics: { chips: ["fraud"] }, security: {} };

describe("a visit", () => {
  it("becomes one line, as the server takes it", async () => {
    const around = surroundings();
    const session = await newSession(around);
    const visit = await startVisit(session, BEGUN);
    const call = await addToVisit(session, visit, "calls", { household_id: "h", answers: ANSWERS });
    await addToVisit(session, visit, "warning", { title: "防火" });
    const warning = await addToVisit(session, visit, "warning", { title: "防溺水" });
    around.clock.pass(3_600_000);
    await finishVisit(session, visit, { log: "巡村" });
    const [entry] = await outboxOf(session);
    expect(entry?.mutation).toMatchObject({ n: 1, type: "visit_entry", schema: 2 });
    expect(entry?.mutation?.body).toEqual({
      id: visit,
      ...BEGUN,
      arrived_at: "2026-11-22T09:00:00.000+08:00",
      left_at: "2026-11-22T10:00:00.000+08:00",
      recorded_at: "2026-11-22T10:00:00.000+08:00",
      log: "巡村",
      calls: [{ id: call, household_id: "h", answers: ANSWERS }],
      information: [],
      matters: [],
      warning: { id: warning, title: "防溺水" },
    });
    expect(await draftsOf(session)).toEqual([]);
  });

  it("is there after the program was killed, with all that was added", async () => {
    const around = surroundings();
    const visit = await startVisit(await newSession(around), BEGUN);
    await addToVisit(await unlockDevice(around, PASSPHRASE), visit, "information", { text: "灯坏" });
    const [draft] = await draftsOf(await unlockDevice(around, PASSPHRASE));
    expect(draft).toMatchObject({ id: visit, information: [{ text: "灯坏" }] });
  });

  it("keeps the id a part brings with it", async () => {
    const session = await newSession();
    const visit = await startVisit(session, BEGUN);
    expect(await addToVisit(session, visit, "matters", { id: "own", summary: "灯坏" })).toBe("own");
    expect((await draftsOf(session))[0]?.matters).toEqual([{ id: "own", summary: "灯坏" }]);
  });

  it("loses nothing when several things are added at once", async () => {
    const session = await newSession();
    const visit = await startVisit(session, BEGUN);
    const add = (at: number) => addToVisit(session, visit, "matters", { summary: String(at) });
    await Promise.all(Array.from({ length: 10 }, (_, at) => add(at)));
    expect((await draftsOf(session))[0]?.matters).toHaveLength(10);
  });

  it("is finished once", async () => {
    const session = await newSession();
    const visit = await startVisit(session, BEGUN);
    const twice = await Promise.allSettled([finishVisit(session, visit), finishVisit(session, visit)]);
    expect(twice.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(await outboxOf(session)).toHaveLength(1);
    await expect(addToVisit(session, visit, "calls", {})).rejects.toThrow(NoDraftError);
  });

  it("begun by mistake leaves nothing", async () => {
    const session = await newSession();
    await abandonVisit(session, await startVisit(session, BEGUN));
    expect([await draftsOf(session), await outboxOf(session)]).toEqual([[], []]);
  });

  it("that is over in another window is neither given up nor taken from here", async () => {
    const session = await newSession();
    const visit = await startVisit(session, BEGUN);
    await finishVisit(session, visit);
    await expect(abandonVisit(session, visit)).rejects.toThrow(VisitOverError);
    await expect(dropFromVisit(session, visit, "p")).rejects.toThrow(VisitOverError);
    expect(await outboxOf(session)).toHaveLength(1);
  });
});

describe("a visit that begins", () => {
  const begun = async (behind: number) => {
    const [station, around] = [await Station.open(), surroundings()];
    const session = await enrolled(station, around);
    await sync(session, station.transport);
    const known = around.clock.wall;
    around.clock.wall -= behind;
    const visit = await startVisit(session, BEGUN);
    const [draft] = await draftsOf(session);
    return { session, visit, draft, known };
  };

  it("keeps the latest time the phone knew of, which is not sent", async () => {
    const { session, visit, draft, known } = await begun(2500 * 24 * 3_600_000);
    expect(draft?.known).toBe(known);
    expect(draft?.arrived_at).toMatch(/^2020-/);
    await moveArrival(session, visit, known);
    await finishVisit(session, visit);
    const [entry] = await outboxOf(session);
    expect(entry?.mutation?.body).not.toHaveProperty("known");
    expect(entry?.mutation?.body).toMatchObject({ arrived_at: isoOf(known) });
  });

  it("after the clock was set right is not held to what it showed while it was ahead", async () => {
    const [station, around] = [await Station.open(), surroundings()];
    const session = await enrolled(station, around);
    around.clock.wall = station.time + DAY;
    await sync(session, station.transport);
    around.clock.pass(HOUR);
    await sync(session, () => Promise.reject(new TypeError("Failed to fetch")));
    // Set right, as the app asks, without a signal.
    around.clock.wall = station.time + HOUR;
    await startVisit(session, BEGUN);
    const [draft] = await draftsOf(session);
    const arrived = Date.parse(draft?.arrived_at ?? "");
    expect(doubtOf({ arrived, now: arrived + HOUR, calls: [], known: draft?.known })).toBeNull();
    // Nor does it take a clock for right that was set back too far.
    around.clock.wall = station.time - HOUR;
    await startVisit(session, BEGUN);
    const late = (await draftsOf(session)).at(-1);
    const [came, now] = [Date.parse(late?.arrived_at ?? ""), station.time + HOUR];
    expect(doubtOf({ arrived: came, now, calls: [], known: late?.known })).toBe("behind");
  });

  it("keeps none where the phone has never been in touch", async () => {
    const session = await newSession();
    await startVisit(session, BEGUN);
    expect((await draftsOf(session))[0]).not.toHaveProperty("known");
  });
});

describe("what was recorded offline", () => {
  it("is shown at once, as rows of the kinds the server will say", async () => {
    const session = await newSession();
    const visit = await startVisit(session, BEGUN);
    const call = await addToVisit(session, visit, "calls", { household_id: "h", answers: ANSWERS });
    const found = { kind: "hazard", subkind: "lamp", place: "村口", summary: "灯不亮" };
    const matter = await addToVisit(session, visit, "matters", found);
    await finishVisit(session, visit);
    const records = await view(session, "record");
    expect(records.get(visit)).toMatchObject({ pending: true, fields: { kind: "village_visit" } });
    expect(records.get(call)?.fields).toMatchObject({
      kind: "household_visit",
      household: "h",
      visit,
      details: ANSWERS,
    });
    expect((await view(session, "matter")).get(matter)?.fields).toMatchObject({
      ...found,
      visit,
      level: "village",
      village: BEGUN.village_code,
    });
  });

  it("is corrected and withdrawn as the server will", async () => {
    const session = await newSession();
    const work = { kind: "information", ...BEGUN, details: { text: "旧" } };
    await record(session, "work_record", { id: "a", ...work });
    await record(session, "correction", { record_id: "a", record: { id: "b", ...work }, reason: "错" });
    await record(session, "work_record", { id: "part", ...work, visit_id: "b" });
    await record(session, "work_record", { id: "earlier", ...work, visit_id: "a" });
    await record(session, "work_record", { id: "wrong", ...work, visit_id: "a" });
    const right = { id: "right", ...work, visit_id: "a" };
    await record(session, "correction", { record_id: "wrong", record: right, reason: "错" });
    await record(session, "work_record", { id: "other", ...work, visit_id: "c" });
    await record(session, "withdrawal", { record_id: "b", reason: "重", with_parts: true });
    const states = [...(await view(session, "record")).values()];
    expect(states.map(({ id, fields }) => [id, fields["state"]])).toEqual([
      ["a", "superseded"],
      ["b", "withdrawn"],
      ["part", "withdrawn"],
      ["earlier", "withdrawn"],
      ["wrong", "superseded"],
      ["right", "withdrawn"],
      ["other", "valid"],
    ]);
  });
});

describe("a visit that began while the clock was ahead", () => {
  it("takes a beginning of its own, and no call of it is still to come", async () => {
    const session = await newSession();
    const at = (text: string): string => `2026-11-22T${text}:00.000+08:00`;
    const visit = await startVisit(session, { ...BEGUN, arrivedAt: Date.parse(at("11:00")) });
    await addToVisit(session, visit, "calls", { household_id: "ahead", occurred_at: at("11:30") });
    await addToVisit(session, visit, "calls", { household_id: "right", occurred_at: at("08:50") });
    await moveArrival(session, visit, Date.parse(at("08:30")));
    expect((await draftsOf(session))[0]).toMatchObject({ arrived_at: at("08:30") });
    const times = (await draftsOf(session))[0]?.calls.map((call) => call["occurred_at"]);
    expect(times).toEqual([undefined, at("08:50")]);
  });
});

describe("a visit that was refused", () => {
  it("is taken up again under ids of its own, and its line put away with that", async () => {
    const { session, visit, line } = await refused();
    const again = await takeUpAgain(session, 1, ({ problem }) => [String(problem?.detail)]);
    const [draft] = await draftsOf(session);
    expect(draft).toMatchObject({
      id: again,
      ...BEGUN,
      arrived_at: "2026-11-20T09:00:00.000+08:00",
      calls: [{ household_id: "h" }],
      session: { topic: "防火" },
      before: { left_at: "2026-11-20T11:00:00.000+08:00", log: "巡村", overnight_reason: "", why: ["有内容需要修改。"], line, visit },
    });
    expect(again).not.toBe(visit);
    expect((await outboxOf(session))[0]).toMatchObject({ dismissed: true, mutation: null });
    await expect(takeUpAgain(session, 1)).rejects.toThrow(NotRefusedError);
    expect(await draftsOf(session)).toHaveLength(1);
  });

  it("goes as a new line that names the old one and says nothing more of it", async () => {
    const { session, visit, line } = await refused();
    const again = await takeUpAgain(session, 1);
    await finishVisit(session, again, { log: "巡村和走访" });
    const [before, after] = await session.store.outbox.orderBy("n").toArray();
    const sent = (await outboxOf(session))[1]?.mutation?.body;
    expect(sent).toMatchObject({ id: again, log: "巡村和走访", replaces: [line] });
    expect(sent).not.toHaveProperty("before");
    expect(JSON.stringify(sent)).not.toContain(visit);
    expect(before?.id).not.toBe(after?.id);
  });

  it("refused once more and taken up again, names every line it stands for", async () => {
    const { session, station, line } = await refused();
    const { id: second } = await finishVisit(session, await takeUpAgain(session, 1));
    await sync(session, station.transport);
    await finishVisit(session, await takeUpAgain(session, 2));
    expect((await outboxOf(session))[2]?.mutation?.body).toMatchObject({ replaces: [second, line] });
    const named = (await outboxOf(session))[2]?.mutation?.body;
    expect(named).not.toHaveProperty("before");
  });

  it("and refused once more is not taken up where the station has the first by then", async () => {
    const all = await refused();
    const { session, station } = all;
    await finishVisit(session, await takeUpAgain(session, 1));
    await sync(session, station.transport);
    expect((await fatesOf(session)).untaken).toMatchObject([{ n: 2, mendable: true }]);
    await heard(all, decidedOn(all, "applied"));
    expect((await fatesOf(session)).untaken).toMatchObject([{ n: 2, mendable: false }]);
    await expect(takeUpAgain(session, 2)).rejects.toThrow(NotRefusedError);
  });

  it("is neither taken up nor gone on with where a server that was put back has done the first since", async () => {
    const { session, station, line } = await refused();
    await finishVisit(session, await takeUpAgain(session, 1));
    await sync(session, station.transport);
    const again = await takeUpAgain(session, 2);
    const { before } = await draftOf(session, again);
    station.lines.length = 0;
    const { judge } = station;
    station.judge = (mutation) => (mutation.id === line ? { result: "accepted" } : judge(mutation));
    await sync(session, station.transport);
    expect(before && (await isTaken(session, linesOf(before), before.visit))).toBe(true);
    await finishVisit(session, again);
    await sync(session, station.transport);
    expect((await fatesOf(session)).untaken).toMatchObject([{ n: 3, mendable: false }]);
    await expect(takeUpAgain(session, 3)).rejects.toThrow(NotRefusedError);
  });

  it("being mended once more, knows that the station has taken the first", async () => {
    const all = await refused();
    const { session, station } = all;
    await finishVisit(session, await takeUpAgain(session, 1));
    await sync(session, station.transport);
    await takeUpAgain(session, 2);
    const [draft] = await draftsOf(session);
    const { before } = draft ?? {};
    expect(before && (await isTaken(session, linesOf(before), before.visit))).toBe(false);
    await heard(all, decidedOn(all, "applied"));
    expect(before && (await isTaken(session, linesOf(before), before.visit))).toBe(true);
  });

  it("may begin at another time, and what was then not yet done has none of its own", async () => {
    const { session } = await refused();
    const again = await takeUpAgain(session, 1);
    const at = async (text: string): Promise<unknown> => {
      await moveArrival(session, again, Date.parse(text));
      return (await draftsOf(session))[0]?.calls[0]?.["occurred_at"];
    };
    expect(await at("2026-11-20T09:10:00+08:00")).toBe("2026-11-20T09:30:00.000+08:00");
    expect(await at("2026-11-20T09:40:00+08:00")).toBeUndefined();
    const call = { household_id: "later", occurred_at: "2026-11-22T09:00:00.000+08:00" };
    await addToVisit(session, again, "calls", call);
    expect((await draftsOf(session))[0]?.calls[1]).not.toHaveProperty("occurred_at");
  });

  it("that moves to another day takes its calls with it", async () => {
    const { session } = await refused();
    const again = await takeUpAgain(session, 1);
    await moveArrival(session, again, Date.parse("2026-11-19T09:00:00+08:00"));
    expect((await draftsOf(session))[0]?.calls[0]).not.toHaveProperty("occurred_at");
  });

  it.each([
    ["applied", (all: Refused) => decidedOn(all, "applied")],
    ["entered", (all: Refused) => decidedOn(all, "entered")],
    ["replaced", (all: Refused) => decidedOn(all, "replaced")],
    ["there without a word", madeOf],
  ])("is not taken up where the station has it by then: %s", async (_, row) => {
    const all = await refused();
    await heard(all, row(all));
    await expect(takeUpAgain(all.session, 1)).rejects.toThrow(NotRefusedError);
    expect(await draftsOf(all.session)).toEqual([]);
    expect((await all.session.store.outbox.get(1))?.dismissed).toBe(false);
  });

  it("is taken up where the station has refused it as well", async () => {
    const all = await refused();
    await heard(all, decidedOn(all, "dismissed"));
    await takeUpAgain(all.session, 1);
    expect(await draftsOf(all.session)).toHaveLength(1);
  });

  it.each([
    ["applied", (all: Refused) => decidedOn(all, "applied"), true],
    ["entered", (all: Refused) => decidedOn(all, "entered"), true],
    ["dismissed", (all: Refused) => decidedOn(all, "dismissed"), false],
    ["there without a word", madeOf, true],
  ])("knows that the station has taken the old line since it was taken up: %s", async (_, row, taken) => {
    const all = await refusedAndTakenUp();
    const { line = "", visit = "" } = all.draft.before ?? {};
    expect(await isTaken(all.session, [line], visit)).toBe(false);
    await heard(all, row(all));
    expect(await isTaken(all.session, [line], visit)).toBe(taken);
  });

  it("is not brought up once more by a server that was put back to before it", async () => {
    const { session, station } = await refusedAndTakenUp();
    station.lines.length = 0;
    await sync(session, station.transport);
    await sync(session, station.transport);
    expect(station.lines).toHaveLength(1);
    expect(await session.store.outbox.get(1)).toMatchObject({ state: "rejected", dismissed: true, answer: null });
    expect((await fatesOf(session)).untaken).toEqual([]);
    await expect(takeUpAgain(session, 1)).rejects.toThrow(NotRefusedError);
  });

  it("is nothing that waits, was taken, or is no visit", async () => {
    const session = await newSession();
    const visit = await startVisit(session, BEGUN);
    await finishVisit(session, visit);
    await expect(takeUpAgain(session, 1)).rejects.toThrow(NotRefusedError);
    await expect(takeUpAgain(session, 2)).rejects.toThrow(NotRefusedError);
    expect(await draftsOf(session)).toEqual([]);
  });
});
