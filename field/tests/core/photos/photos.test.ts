import { beforeEach, describe, expect, it } from "vitest";
import { unlockDevice } from "../../../src/core/device";
import { NotCleanError } from "../../../src/core/photos/jpeg";
import {
  addPhoto,
  dropPhoto,
  MOST_OF_ONE,
  photoContent,
  photosOf,
  promisePhotos,
  TooManyPhotosError,
  waitingPhotos,
} from "../../../src/core/photos/photos";
import { type Outgoing, type Sent, sendPhotos } from "../../../src/core/photos/sending";
import type { Session } from "../../../src/core/session";
import { sync } from "../../../src/core/syncing";
import { abandonVisit, finishVisit, startVisit } from "../../../src/core/visits";
import { bound, enrolled, PASSPHRASE, surroundings, type Surrounded } from "../../devices";
import { Station } from "../../station";
import { CLEAN, picture, segment, withSegments } from "./pictures";

const BEGUN = { village_code: "411526000001", staff_id: "s" };

let station: Station;
let around: Surrounded;
let session: Session;
let visit: string;

beforeEach(async () => {
  station = await Station.open();
  around = surroundings();
  session = await enrolled(station, around);
  visit = await startVisit(session, BEGUN);
});

function place(): { beside: "record"; owner: string; visit: string } {
  return { beside: "record", owner: visit, visit };
}

/** A way that says what the test says, and remembers. */
function way(...answers: Sent[]) {
  const seen: Outgoing[] = [];
  return {
    seen,
    upload: (photo: Outgoing): Promise<Sent> => {
      seen.push(photo);
      return Promise.resolve(answers.shift() ?? { kind: "sent" });
    },
  };
}

async function finishAndSync(): Promise<void> {
  await finishVisit(session, visit);
  await promisePhotos(session);
  expect((await sync(session, station.transport)).kind).toBe("done");
}

async function states(): Promise<string[]> {
  return (await photosOf(session)).map(({ state }) => state);
}

describe("a photo of a visit", () => {
  it("is sealed at once and opens again after a kill", async () => {
    const id = await addPhoto(session, place(), CLEAN);
    const row = await around.store.photos.get(id);
    expect(JSON.stringify([...(row?.content ?? [])])).not.toContain("1,2,3,4,5,6,7,8");
    const again = await unlockDevice(around, PASSPHRASE);
    expect(await photoContent(again, id)).toEqual(CLEAN);
  });

  it("is refused with anything beside its picture", async () => {
    const told = withSegments(segment(0xe1, new Uint8Array(9)));
    await expect(addPhoto(session, place(), told)).rejects.toThrow(NotCleanError);
    expect(await photosOf(session)).toEqual([]);
  });

  it("is one of at most nine", async () => {
    for (let count = 0; count < MOST_OF_ONE; count += 1) {
      await addPhoto(session, place(), CLEAN);
    }
    await expect(addPhoto(session, place(), CLEAN)).rejects.toThrow(TooManyPhotosError);
  });

  it("goes with a visit that is abandoned, and can be removed before it is finished", async () => {
    const id = await addPhoto(session, place(), CLEAN);
    await dropPhoto(session, id);
    expect(await photosOf(session, visit)).toEqual([]);
    await addPhoto(session, place(), CLEAN);
    await abandonVisit(session, visit);
    expect(await photosOf(session)).toEqual([]);
  });

  it("is promised after its record and sent after the server has accepted that", async () => {
    const id = await addPhoto(session, place(), CLEAN);
    const { seen, upload } = way();
    expect(await promisePhotos(session)).toBe(0);
    await finishVisit(session, visit);
    await promisePhotos(session);
    await promisePhotos(session);
    expect((await sendPhotos(session, upload)).sent).toBe(0);
    await sync(session, station.transport);
    expect(station.lines.map(({ mutation }) => mutation.type)).toEqual(["visit_entry", "photo"]);
    const body = station.lines[1]?.mutation.body;
    expect(body).toMatchObject({ id, record_id: visit, length: CLEAN.length });
    expect(await waitingPhotos(session)).toBe(1);
    expect((await sendPhotos(session, upload)).sent).toBe(1);
    expect(seen).toMatchObject([{ id, sha256: body?.["sha256"], content: CLEAN }]);
    expect(seen[0]?.headers["Authorization"]).toContain(session.deviceId);
    expect(await photosOf(session)).toEqual([]);
  });

  it("waits for better times where it is lost, and the next with it", async () => {
    await addPhoto(session, place(), CLEAN);
    await addPhoto(session, place(), picture(new Uint8Array([9])));
    await finishAndSync();
    const lost = way({ kind: "lost" });
    expect((await sendPhotos(session, lost.upload)).sent).toBe(0);
    expect(lost.seen).toHaveLength(1);
    expect(await states()).toEqual(["promised", "promised"]);
    expect((await sendPhotos(session, way().upload)).sent).toBe(2);
  });

  it("tells whether anything got through before it was lost", async () => {
    await addPhoto(session, place(), CLEAN);
    await finishAndSync();
    const cutAt = (bytes: number) => (_: Outgoing, progress: (bytes: number) => void) => {
      progress(bytes);
      return Promise.resolve<Sent>({ kind: "lost" });
    };
    const ended = [];
    for (const bytes of [0, 10, 10, 11]) {
      ended.push(await sendPhotos(session, cutAt(bytes)));
    }
    expect(ended).toEqual(
      [false, true, false, true].map((moved) => ({ sent: 0, lost: true, moved })),
    );
    expect(await sendPhotos(session, way().upload)).toEqual({ sent: 1, lost: false, moved: false });
  });

  it("stays with the reason where it is refused, until it is removed", async () => {
    const first = await addPhoto(session, place(), CLEAN);
    await addPhoto(session, place(), CLEAN);
    await finishAndSync();
    await dropPhoto(session, first);
    const reason = "照片里还带有拍摄信息。";
    expect((await sendPhotos(session, way({ kind: "refused", reason }).upload)).sent).toBe(1);
    expect(await photosOf(session)).toMatchObject([{ id: first, state: "refused", reason }]);
    await dropPhoto(session, first);
    expect(await photosOf(session)).toEqual([]);
  });

  it("goes to the station where its mutation was not taken, and stays with the reason", async () => {
    const id = await addPhoto(session, place(), CLEAN);
    const problem = { type: "about:blank#40401", title: "", status: 404, detail: "没有所属的记录。" };
    station.judge = ({ type }) =>
      type === "photo" ? { result: "rejected", problem } : { result: "accepted" };
    await finishAndSync();
    const lost = way({ kind: "lost" });
    await sendPhotos(session, lost.upload);
    expect(await states()).toEqual(["promised"]);
    const { seen, upload } = way();
    await sendPhotos(session, upload);
    expect(seen).toMatchObject([{ id, content: CLEAN }]);
    const kept = { state: "refused", reason: "没有所属的记录。", held: true };
    expect(await photosOf(session)).toMatchObject([kept]);
    await sendPhotos(session, upload);
    expect(seen).toHaveLength(1);
  });

  it("is not sent to a station that has decided against it", async () => {
    await addPhoto(session, place(), CLEAN);
    station.judge = ({ type }) => ({ result: type === "photo" ? "rejected" : "accepted" });
    await finishAndSync();
    await sendPhotos(session, way({ kind: "unknown" }).upload);
    expect(await photosOf(session)).toMatchObject([{ state: "refused", held: false }]);
  });

  it("is promised by the next device too, under the id the last one gave it", async () => {
    await addPhoto(session, place(), CLEAN);
    await finishAndSync();
    const before = station.lines.map(({ mutation }) => mutation.id);
    station = await Station.open();
    session = await bound(station, session);
    expect(await promisePhotos(session)).toBe(0);
    await sync(session, station.transport);
    expect(station.lines.map(({ mutation }) => mutation.id)).toEqual(before);
    expect((await sendPhotos(session, way().upload)).sent).toBe(1);
  });

  it("is promised anew under that id where the promise was let go of", async () => {
    await addPhoto(session, place(), CLEAN);
    await finishAndSync();
    const before = station.lines[1]?.mutation.id;
    await around.store.outbox.toCollection().modify({ line: null });
    station = await Station.open();
    session = await bound(station, session);
    expect(await states()).toEqual(["ready"]);
    await promisePhotos(session);
    await sync(session, station.transport);
    expect(station.lines.map(({ mutation }) => mutation.id)).toEqual([before]);
    expect((await sendPhotos(session, way().upload)).sent).toBe(1);
  });

  it("follows its mutation to the next device, though it was not taken before", async () => {
    await addPhoto(session, place(), CLEAN);
    station.judge = ({ type }) => ({ result: type === "photo" ? "rejected" : "accepted" });
    await finishAndSync();
    await sendPhotos(session, way().upload);
    session = await bound(station, session);
    expect(await states()).toEqual(["promised"]);
  });

  it("is promised once more where the server no longer knows of it", async () => {
    await addPhoto(session, place(), CLEAN);
    await finishAndSync();
    await sendPhotos(session, way({ kind: "unknown" }).upload);
    expect(await states()).toEqual(["promised"]);
    await around.store.outbox.toCollection().modify({ line: null });
    await sendPhotos(session, way({ kind: "unknown" }).upload);
    expect(await states()).toEqual(["ready"]);
  });
});

describe("a photo on a device that was withdrawn", () => {
  beforeEach(() => {
    station.judge = () => ({ result: station.revoked ? "quarantined" : "accepted" });
    station.handedOver = [];
  });

  it("is sent all the same where its record had arrived, then the token goes", async () => {
    await addPhoto(session, place(), CLEAN);
    await finishAndSync();
    station.revoked = true;
    await sync(session, station.transport);
    expect(await states()).toEqual(["promised"]);
    expect((await session.state()).withdrawn).not.toBeNull();
    const { seen, upload } = way({ kind: "lost" });
    expect((await sendPhotos(session, upload)).sent).toBe(0);
    expect((await sendPhotos(session, upload)).sent).toBe(1);
    expect(seen[1]).toMatchObject({ content: CLEAN });
    expect(seen[1]?.headers["Authorization"]).toBe(`Device ${session.deviceId}.token`);
    expect(await photosOf(session)).toEqual([]);
    expect((await session.state()).withdrawn).toBeNull();
  });

  it("follows its record that was handed over, for whoever decides about it", async () => {
    const id = await addPhoto(session, place(), CLEAN);
    await finishVisit(session, visit);
    station.revoked = true;
    await promisePhotos(session);
    await sync(session, station.transport);
    expect(station.lines.map(({ mutation }) => mutation.type)).toEqual(["visit_entry", "photo"]);
    const { seen, upload } = way();
    await sendPhotos(session, upload);
    expect(seen).toMatchObject([{ id, content: CLEAN }]);
    expect(await photosOf(session)).toEqual([]);
    expect(await session.state()).toMatchObject({ status: "revoked", withdrawn: null });
    expect(await around.store.outbox.count()).toBe(0);
  });

  it("of a visit still under way is handed over once that is finished", async () => {
    await addPhoto(session, place(), CLEAN);
    station.revoked = true;
    await sync(session, station.transport);
    expect((await session.state()).withdrawn).not.toBeNull();
    await finishVisit(session, visit);
    await promisePhotos(session);
    await sync(session, station.transport);
    const { seen, upload } = way();
    await sendPhotos(session, upload);
    expect([station.lines.length, seen.length]).toEqual([2, 1]);
    expect((await session.state()).withdrawn).toBeNull();
  });

  it("goes on with the next device where it had not arrived; what was handed over does not", async () => {
    await addPhoto(session, place(), CLEAN);
    await finishVisit(session, visit);
    station.revoked = true;
    await promisePhotos(session);
    await sync(session, station.transport);
    session = await bound(station, session);
    expect(await around.store.outbox.count()).toBe(0);
    expect(await states()).toEqual(["ready"]);
  });
});
