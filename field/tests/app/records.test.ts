// The records as the screens list them, while the rows beneath them cannot be read.

import { beforeEach, describe, expect, it } from "vitest";
import { dayOfRow } from "../../src/app/records";
import { unsentOf } from "../../src/app/unsent";
import { fatesOf, recordedOf } from "../../src/core/fates";
import { record } from "../../src/core/recording";
import type { Session } from "../../src/core/session";
import { sync } from "../../src/core/syncing";
import { view } from "../../src/core/view";
import { enrolled, type Surrounded, surroundings } from "../devices";
import { HOUR } from "../exchanges";
import { countedRows, VILLAGE } from "../month_rows";
import { type ScopeChange, Station } from "../station";

const FIELDS = { summary: { from: "旧", to: "新" } };
const LONG = 73 * HOUR;

let around: Surrounded;
let station: Station;
let session: Session;

beforeEach(async () => {
  [around, station] = [surroundings(), await Station.open()];
  const matter = { row: "matter", id: "m", version: "1", village: VILLAGE, opened_at: "2026-11-20T09:00:00+08:00" };
  const question = { row: "question", id: "q", version: "1", village: VILLAGE, text: "两村同日" };
  const changes = [...countedRows(), matter, question] as ScopeChange[];
  station.scopes.set(VILLAGE, { epoch: "e", changes });
  session = await enrolled(station, around);
  await sync(session, station.transport);
  await record(session, "withdrawal", { record_id: "visit-1", reason: "没有去" });
  await record(session, "matter_change", { village_code: VILLAGE, matter_id: "m", base_version: "1", fields: FIELDS });
  await record(session, "answer", { village_code: VILLAGE, question_id: "q", text: "顺路" });
});

describe("a change that waits while the rows cannot be read", () => {
  it("is no row of which only the change is known, and stands among what was not sent", async () => {
    expect([...(await recordedOf(session)).keys()]).toEqual(expect.arrayContaining(["visit-1", "m"]));
    around.clock.pass(LONG);
    const { records } = await fatesOf(session);
    expect([...records.values()].map(dayOfRow)).toEqual([]);
    expect([...(await view(session, "question")).keys()]).toEqual([]);
    expect((await unsentOf(session)).map(({ label }) => label)).toEqual(["作废", "事项变动", "答复"]);
  });

  it("is told where it was refused, beside no record", async () => {
    station.judge = () => ({ result: "rejected" });
    await sync(session, station.transport);
    around.clock.pass(LONG);
    const { records, untaken } = await fatesOf(session);
    expect(records.size).toBe(0);
    expect(untaken.map(({ fate, record: beside }) => [fate, beside])).toEqual([1, 2, 3].map(() => ["refused", null]));
  });
});
