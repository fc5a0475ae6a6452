// A phone on which nothing can be written any more: what waits goes, and the officer hears why.

import { IDBObjectStore } from "fake-indexeddb";
import { afterEach, describe, expect, it, vi } from "vitest";
import { carryLess } from "../../src/core/amount";
import { addPhoto, photosOf, promisePhotos } from "../../src/core/photos/photos";
import { sendPhotos } from "../../src/core/photos/sending";
import { type Picking, picksOf } from "../../src/core/picks";
import type { Session } from "../../src/core/session";
import { isFull } from "../../src/core/store";
import { sync, syncAll } from "../../src/core/syncing";
import { enrolled } from "../devices";
import { matter, states, VILLAGE } from "../exchanges";
import { Station } from "../station";
import { CLEAN } from "./photos/pictures";

afterEach(() => {
  vi.restoreAllMocks();
});

/** How the imitation of IndexedDB ends a transaction. */
interface Ending {
  _abort(name: string): void;
  _markFinished?(): void;
}

/** From now on no write goes through: the browser refuses each, or takes it and lets the whole
 * transaction fall when it ends. */
function fill(how: "refuses" | "falls" = "falls"): void {
  for (const name of ["put", "add"] as const) {
    const write = IDBObjectStore.prototype[name];
    const failing = function (this: InstanceType<typeof IDBObjectStore>, ...said: [unknown]): never {
      if (how === "refuses") {
        throw new DOMException("full", "QuotaExceededError");
      }
      const request = write.apply(this, said);
      const falling = this.transaction as unknown as Ending;
      falling._markFinished = () => {
        delete falling._markFinished;
        falling._abort("QuotaExceededError");
      };
      return request as never;
    };
    vi.spyOn(IDBObjectStore.prototype, name).mockImplementation(failing);
  }
}

async function phone(): Promise<{ station: Station; session: Session }> {
  const station = await Station.open();
  return { station, session: await enrolled(station) };
}

function sent(station: Station): unknown[] {
  return station.lines.map(({ mutation }) => mutation.body["id"]);
}

describe("a full phone", () => {
  it.each(["refuses", "falls"] as const)("that %s is known for what it is", async (how) => {
    const { session } = await phone();
    fill(how);
    const error: unknown = await matter(session, "a").catch((thrown: unknown) => thrown);
    expect(isFull(error)).toBe(true);
    expect((error as Error).name).toBe(how === "falls" ? "AbortError" : "QuotaExceededError");
  });

  it("sends what waits, however much, and says that it is full", async () => {
    const { station, session } = await phone();
    const ids = ["a", "b", "c", "d", "e"];
    for (const id of ids) {
      await matter(session, id);
    }
    carryLess(session, 4);
    fill();
    const outcome = await sync(session, station.transport);
    expect(sent(station)).toEqual(ids);
    expect(outcome.kind === "stopped" && isFull(outcome.error)).toBe(true);
    expect((await session.state()).answered).toBe(0);
  });

  it("with room again hears what became of each line, and none goes twice", async () => {
    const { station, session } = await phone();
    station.judge = ({ body }) => ({ result: body["id"] === "b" ? "rejected" : "accepted" });
    for (const id of ["a", "b", "c"]) {
      await matter(session, id);
    }
    fill();
    await sync(session, station.transport);
    vi.restoreAllMocks();
    await matter(session, "d");
    expect(await sync(session, station.transport)).toEqual({ kind: "done", sent: 4 });
    expect(sent(station)).toEqual(["a", "b", "c", "d"]);
    expect(await states(session)).toEqual(["accepted", "rejected", "accepted", "accepted"]);
  });

  it("that has room again in between keeps no answer after one it could not keep", async () => {
    const { station, session } = await phone();
    for (const id of ["a", "b", "c"]) {
      await matter(session, id);
    }
    carryLess(session, 2);
    fill();
    let pushes = 0;
    await sync(session, (request) => {
      pushes += 1;
      if (pushes === 2) {
        vi.restoreAllMocks();
      }
      return station.answer(request);
    });
    expect([station.lines.length, (await session.state()).answered]).toEqual([3, 0]);
    await sync(session, station.transport);
    expect(new Set(await states(session))).toEqual(new Set(["accepted"]));
  });

  it("that cannot promise a photo sends the rest, and those promised before", async () => {
    const { station, session } = await phone();
    const one = { beside: "matter", owner: "a", visit: "" } as const;
    await addPhoto(session, one, CLEAN);
    await promisePhotos(session);
    await sync(session, station.transport);
    await addPhoto(session, { ...one, owner: "b" }, CLEAN);
    await matter(session, "b");
    fill();
    const outcome = await syncAll(session, station.transport);
    expect(station.lines.map(({ mutation }) => mutation.type)).toEqual(["photo", "matter"]);
    expect(outcome.kind === "stopped" && isFull(outcome.error)).toBe(true);
    await sendPhotos(session, () => Promise.resolve({ kind: "sent" }));
    expect((await photosOf(session)).map(({ owner }) => owner)).toEqual(["b"]);
  });

  it("that can write all but the promise says that it is full", async () => {
    const { station, session } = await phone();
    await addPhoto(session, { beside: "matter", owner: "a", visit: "" }, CLEAN);
    const put = vi.spyOn(session.store.photos, "update").mockRejectedValue(
      new DOMException("full", "QuotaExceededError"),
    );
    const outcome = await syncAll(session, station.transport);
    expect(outcome.kind === "stopped" && isFull(outcome.error)).toBe(true);
    put.mockRestore();
    expect(await syncAll(session, station.transport)).toEqual({ kind: "done", sent: 1 });
  });

  it("shows what it would otherwise have kept", async () => {
    const { station, session } = await phone();
    const row = { row: "record", id: "a", version: "1", day: "2026-11-01" };
    station.scopes.set(VILLAGE, { epoch: "a", changes: [row] });
    await sync(session, station.transport);
    fill();
    const days: Picking = { type: "record", name: "days", pick: ({ day }) => ({ day }) };
    const scopes = await session.store.scopes.toArray();
    expect(await picksOf(session, days, scopes)).toMatchObject([{ id: "a", day: "2026-11-01" }]);
  });
});
