// A refused visit that is taken up again has its photos with it.

import { beforeEach, describe, expect, it } from "vitest";
import { dismiss, outboxOf } from "../../../src/core/outbox";
import { addPhoto, arrivedPhotos, photoContent, photosOf, promisePhotos } from "../../../src/core/photos/photos";
import { type Outgoing, type Sent, sendPhotos } from "../../../src/core/photos/sending";
import type { Body } from "../../../src/core/protocol";
import type { Session } from "../../../src/core/session";
import { sync } from "../../../src/core/syncing";
import {
  abandonVisit,
  addToVisit,
  draftOf,
  dropFromVisit,
  finishVisit,
  startVisit,
  takeUpAgain,
} from "../../../src/core/visits";
import { bound, enrolled } from "../../devices";
import { VILLAGE } from "../../month_rows";
import { Station } from "../../station";
import { CLEAN } from "./pictures";

const PROBLEM = { type: "about:blank#42201", title: "不对", status: 422, detail: "有内容需要修改。" };

let station: Station;
let session: Session;
let visit: string;
let matter: string;

beforeEach(async () => {
  station = await Station.open();
  station.judge = () => ({ result: "rejected", problem: PROBLEM });
  station.scopes.set(VILLAGE, { epoch: "e", changes: [] });
  session = await enrolled(station);
  visit = await startVisit(session, { village_code: VILLAGE, staff_id: "s" });
  matter = await addToVisit(session, visit, "matters", { kind: "hazard", summary: "路灯不亮" });
  await addPhoto(session, { beside: "record", owner: visit, visit }, CLEAN);
  await addPhoto(session, { beside: "matter", owner: matter, visit }, CLEAN);
  await finishVisit(session, visit);
});

async function exchange(sent: Sent["kind"] = "sent"): Promise<void> {
  await promisePhotos(session);
  await sync(session, station.transport);
  await sendPhotos(session, () => Promise.resolve({ kind: sent } as Sent));
}

async function promises(): Promise<{ readonly id: string; readonly body: Body }[]> {
  const said = (await outboxOf(session)).flatMap(({ mutation }) => mutation ?? []);
  return said.filter(({ type }) => type === "photo");
}

async function places(): Promise<[string, string][]> {
  return (await photosOf(session)).map(({ owner, state }) => [owner, state]);
}

describe("a refused visit taken up again", () => {
  it.each([
    ["held at the station", "sent"],
    ["not yet there", "lost"],
  ] as const)("has its photos with it, each beside what it stood beside: %s", async (_, sent) => {
    await exchange(sent);
    const again = await takeUpAgain(session, 1);
    const { matters } = await draftOf(session, again);
    expect(await places()).toEqual([[again, "draft"], [matters[0]?.["id"], "draft"]]);
    expect((await photosOf(session)).map(({ goesBack }) => goesBack)).toEqual([true, true]);
  });

  it("promises each anew in the place of what promised it, and sends the same picture", async () => {
    await exchange();
    const before = await promises();
    const again = await takeUpAgain(session, 1);
    await finishVisit(session, again);
    station.judge = () => ({ result: "accepted" });
    const went: Outgoing[] = [];
    await promisePhotos(session);
    await sync(session, station.transport);
    await sendPhotos(session, (photo) => {
      went.push(photo);
      return Promise.resolve({ kind: "sent" });
    });
    const now = (await promises()).slice(2);
    expect(now.map(({ body }) => body["replaces"])).toEqual(before.map(({ id }) => [id]));
    expect(now.map(({ body }) => body["id"])).toEqual(before.map(({ body }) => body["id"]));
    expect(now[0]?.body).toMatchObject({ record_id: again });
    expect(now[1]?.body["matter_id"]).not.toBe(matter);
    expect(went.map(({ content }) => content)).toEqual([CLEAN, CLEAN]);
    expect(await photosOf(session)).toEqual([]);
  });

  it("takes them along once more where it is refused again", async () => {
    await exchange();
    await finishVisit(session, await takeUpAgain(session, 1));
    await exchange();
    const lines = (await promises()).map(({ id }) => id);
    const { n = 0 } = (await outboxOf(session)).findLast(({ mutation }) => mutation?.type === "visit_entry") ?? {};
    const third = await takeUpAgain(session, n);
    await finishVisit(session, third);
    await promisePhotos(session);
    const last = (await promises()).at(-2);
    expect(last?.body).toMatchObject({ record_id: third, replaces: [lines[2], lines[0]] });
  });

  it("leaves them as they were where it is given up", async () => {
    await exchange();
    const before = await photosOf(session);
    await abandonVisit(session, await takeUpAgain(session, 1));
    expect(await photosOf(session)).toEqual(before);
    expect(before.map(({ state, held }) => [state, held])).toEqual([["refused", true], ["refused", true]]);
  });

  it("goes on sending them for the first one where it is given up before they arrived", async () => {
    await exchange("lost");
    await abandonVisit(session, await takeUpAgain(session, 1));
    expect(await places()).toEqual([[visit, "promised"], [matter, "promised"]]);
    await exchange();
    expect(await photosOf(session)).toMatchObject([{ held: true }, { held: true }]);
  });

  it("keeps a photo that was on its way when it was taken up", async () => {
    await promisePhotos(session);
    await sync(session, station.transport);
    let again = "";
    await sendPhotos(session, async () => {
      again ||= await takeUpAgain(session, 1);
      return { kind: "sent" };
    });
    const photos = await photosOf(session);
    expect(photos.map(({ state }) => state)).toEqual(["draft", "draft"]);
    expect(photos[0]?.owner).toBe(again);
    expect(await photoContent(session, photos[0]?.id ?? "")).toEqual(CLEAN);
  });

  it("tells why each was not taken, whatever the officer has put away meanwhile", async () => {
    await promisePhotos(session);
    await sync(session, station.transport);
    const photos = (await outboxOf(session)).filter(({ mutation }) => mutation?.type === "photo");
    for (const { n } of photos) {
      await dismiss(session, n);
    }
    await sendPhotos(session, () => Promise.resolve({ kind: "sent" }));
    expect((await photosOf(session)).map(({ reason }) => reason)).toEqual([PROBLEM.detail, PROBLEM.detail]);
  });

  it("lets go of those that arrived for the first one, taken after all", async () => {
    await exchange();
    await finishVisit(session, await takeUpAgain(session, 1));
    session = await bound(station, session);
    // The station has applied the first visit; what came under the promise for that is there.
    station.judge = ({ type, body }) =>
      type === "photo" && [visit, matter].includes(String(body["record_id"] ?? body["matter_id"]))
        ? { result: "accepted" }
        : { result: "conflict", problem: PROBLEM };
    await exchange();
    expect(await photosOf(session)).toEqual([]);
    expect(await arrivedPhotos(session, visit)).toBe(1);
    expect(await arrivedPhotos(session, matter)).toBe(1);
  });

  it("promises none beside the first one that another tab had seen there", async () => {
    await addPhoto(session, { beside: "record", owner: visit, visit }, CLEAN);
    await sync(session, station.transport);
    // One write after the other: the first promise, taking it up, the second, its end, the third.
    const seen = promisePhotos(session);
    const again = await takeUpAgain(session, 1);
    await Promise.all([finishVisit(session, again), seen]);
    await promisePhotos(session);
    const said = (await promises()).map(({ body }) => [body["id"], body["record_id"] ?? body["matter_id"]] as const);
    const last = new Map(said);
    const photos = await photosOf(session);
    expect(photos.map(({ id }) => last.get(id))).toEqual(photos.map(({ owner }) => owner));
    expect(photos.map(({ owner }) => owner)).not.toContain(visit);
  });

  it("drops those of a matter that is taken out", async () => {
    await exchange();
    const again = await takeUpAgain(session, 1);
    const [first] = (await draftOf(session, again)).matters;
    await dropFromVisit(session, again, String(first?.["id"]));
    expect(await places()).toEqual([[again, "draft"]]);
  });
});
