import { describe, expect, it } from "vitest";
import { unlockDevice } from "../../src/core/device";
import { outboxOf } from "../../src/core/outbox";
import { record } from "../../src/core/recording";
import { view } from "../../src/core/view";
import {
  abandonVisit,
  addToVisit,
  draftsOf,
  finishVisit,
  NoDraftError,
  startVisit,
} from "../../src/core/visits";
import { newSession, PASSPHRASE, surroundings } from "../devices";

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
    expect(entry?.mutation).toMatchObject({ n: 1, type: "visit_entry", schema: 1 });
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
    await record(session, "withdrawal", { record_id: "b", reason: "重", with_parts: true });
    const states = [...(await view(session, "record")).values()];
    expect(states.map(({ id, fields }) => [id, fields["state"]])).toEqual([
      ["a", "superseded"],
      ["b", "withdrawn"],
      ["part", "withdrawn"],
    ]);
  });
});
