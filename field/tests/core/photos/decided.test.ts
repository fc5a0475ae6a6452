// A photo whose line was not taken, and went to the station with it: what became of both.

import { beforeEach, describe, expect, it } from "vitest";
import { leftHere } from "../../../src/core/left";
import { outboxOf } from "../../../src/core/outbox";
import { addPhoto, arrivedPhotos, photosOf, refusedPhotos } from "../../../src/core/photos/photos";
import { type Sent, sendPhotos } from "../../../src/core/photos/sending";
import type { Session } from "../../../src/core/session";
import { syncAll } from "../../../src/core/syncing";
import { finishVisit, startVisit } from "../../../src/core/visits";
import { enrolled, surroundings, type Surrounded } from "../../devices";
import { VILLAGE } from "../../exchanges";
import { type ScopeChange, Station } from "../../station";
import { CLEAN } from "./pictures";

const PROBLEM = { type: "about:blank#40401", title: "", status: 404, detail: "没有所属的记录。" };

let around: Surrounded;
let station: Station;
let session: Session;
let visit: string;
let line: string;

async function refused(sent: Sent["kind"] = "sent"): Promise<void> {
  await addPhoto(session, { beside: "record", owner: visit, visit }, CLEAN);
  await finishVisit(session, visit);
  await syncAll(session, station.transport);
  await sendPhotos(session, () => Promise.resolve({ kind: sent } as Sent));
  line = (await outboxOf(session)).find(({ mutation }) => mutation?.type === "photo")?.id ?? "";
}

async function decided(outcome: string): Promise<void> {
  const said = { outcome, reason: "到村核对", decided_by: "王所长", village: VILLAGE };
  const row = { row: "decision", id: "d", version: "1", line, ...said } as ScopeChange;
  station.scopes.get(VILLAGE)?.changes.push(row);
  await syncAll(session, station.transport);
}

beforeEach(async () => {
  [around, station] = [surroundings(), await Station.open()];
  station.judge = ({ type }) =>
    type === "photo" ? { result: "rejected", problem: PROBLEM } : { result: "accepted" };
  station.scopes.set(VILLAGE, { epoch: "e", changes: [] });
  session = await enrolled(station, around);
  visit = await startVisit(session, { village_code: VILLAGE, staff_id: "s" });
});

describe("a photo held at the station", () => {
  it("is let go of once it was taken there, and counts as arrived", async () => {
    await refused();
    expect(await refusedPhotos(session)).toMatchObject([{ held: true, decision: null }]);
    expect((await leftHere(session)).photos).toBe(1);
    await decided("applied");
    expect(await photosOf(session)).toEqual([]);
    expect((await leftHere(session)).photos).toBe(0);
    expect(await arrivedPhotos(session, visit)).toBe(1);
  });

  it.each(["dismissed", "entered"] as const)("stays, with what was decided otherwise: %s", async (outcome) => {
    await refused();
    await decided(outcome);
    const decision = { outcome, reason: "到村核对", by: "王所长" };
    expect(await refusedPhotos(session)).toMatchObject([{ held: true, decision }]);
    expect(await arrivedPhotos(session, visit)).toBe(0);
  });

  it("stays while nobody can read what was decided", async () => {
    await refused();
    await decided("dismissed");
    around.clock.pass(73 * 3_600_000);
    expect(await refusedPhotos(session)).toMatchObject([{ held: true, decision: null }]);
  });
});

it("a photo the station never had stays, whatever was decided of its line", async () => {
  await refused("unknown");
  await decided("applied");
  expect(await refusedPhotos(session)).toMatchObject([{ held: false, decision: { outcome: "applied" } }]);
});
