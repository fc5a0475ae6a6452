// Device and station: nothing lost, nothing twice, whatever happens on the way.

import { describe, expect, it } from "vitest";
import { textOf } from "../../src/core/bytes";
import { unlockDevice } from "../../src/core/device";
import { dismiss, outboxOf } from "../../src/core/outbox";
import type { Problem } from "../../src/core/protocol";
import { sync } from "../../src/core/syncing";
import type { Transport } from "../../src/core/transport";
import { view } from "../../src/core/view";
import { enrolled, newSession, PASSPHRASE, surroundings } from "../devices";
import { addresses, faulty, household, lost, matter, type Meets, states, VILLAGE } from "../exchanges";
import { bytesOf, refusal, reply, Station } from "../station";

const FAULTS: Record<string, Meets> = {
  "is lost": async () => lost(),
  "loses its answer": async (go) => (await go(), lost()),
  "arrives twice": async (go) => (await go(), go()),
  "has its answer cut": async (go) => {
    const { status, body } = await go();
    const whole = await bytesOf(body);
    return reply(status, whole.slice(0, whole.length / 2));
  },
  "meets a server in trouble": async () => refusal(500, 50001),
  "meets a gateway in trouble": async () => reply(502, new Uint8Array()),
  "arrives altered": async () => refusal(400, 40003),
};

describe("an exchange", () => {
  it("sends what was recorded, once, and shows what the station has", async () => {
    const station = await Station.open();
    station.scopes.set(VILLAGE, { epoch: "a", changes: [household("h", "村东一号")] });
    const session = await enrolled(station);
    await matter(session, "m");
    expect(await sync(session, station.transport)).toEqual({ kind: "done", sent: 1 });
    expect(await states(session)).toEqual(["accepted"]);
    expect(station.lines.map(({ mutation }) => mutation.body["id"])).toEqual(["m"]);
    expect(await addresses(session)).toEqual(["村东一号"]);
  });

  it("says how many lines it keeps and by which app", async () => {
    const station = await Station.open();
    const session = await enrolled(station, { ...surroundings(), app: "1.2.0" });
    await matter(session, "m");
    await sync(session, station.transport);
    const pulls = station.requests.filter(({ path }) => path === "pull");
    const asked = JSON.parse(textOf(pulls[0]?.body ?? new Uint8Array())) as object;
    expect(asked).toMatchObject({ unsent: 0, app: "1.2.0" });
  });

  it("asks once when there is nothing new", async () => {
    const station = await Station.open();
    station.scopes.set(VILLAGE, { epoch: "a", changes: [household("h", "村东一号")] });
    const session = await enrolled(station);
    await sync(session, station.transport);
    station.requests.length = 0;
    await sync(session, station.transport);
    expect(station.requests.map(({ path }) => path)).toEqual(["pull"]);
  });

  it("sends at most 500 lines at once, and all of them", async () => {
    const station = await Station.open();
    const session = await enrolled(station);
    for (let at = 0; at < 501; at += 1) {
      await matter(session, String(at));
    }
    station.requests.length = 0;
    expect(await sync(session, station.transport)).toEqual({ kind: "done", sent: 501 });
    expect(station.requests.map(({ path }) => path)).toEqual(["push", "push", "pull"]);
    expect(station.lines.map(({ mutation }) => mutation.n)).toEqual(
      Array.from({ length: 501 }, (_, at) => at + 1),
    );
  });

  it.each(
    Object.entries(FAULTS).flatMap(([name, fault]) => [1, 2].map((at) => ({ name, at, fault }))),
  )("comes to the same when request $at $name", async ({ name, at, fault }) => {
    const station = await Station.open();
    station.scopes.set(VILLAGE, { epoch: "a", changes: [household("h", "村东一号")] });
    const around = surroundings();
    const session = await enrolled(station, around);
    await matter(session, "m");
    const { kind } = await sync(session, faulty(station, at, fault));
    expect(kind).toBe(name === "arrives twice" ? "done" : "lost");
    // The program was killed; what goes on is what lies in the store.
    const after = await unlockDevice(around, PASSPHRASE);
    expect(await sync(after, station.transport)).toMatchObject({ kind: "done" });
    expect(station.lines).toHaveLength(1);
    expect(await states(after)).toEqual(["accepted"]);
    expect(await addresses(after)).toEqual(["村东一号"]);
  });

  it("keeps nothing of an answer cut at any byte", async () => {
    const station = await Station.open();
    const changes = [household("a", "一"), household("b", "二")];
    station.scopes.set(VILLAGE, { epoch: "a", changes });
    const session = await enrolled(station);
    const { body } = await (async () => {
      let whole = reply(200, new Uint8Array());
      await sync(session, async (request) => {
        whole = await station.answer(request);
        return lost();
      });
      return whole;
    })();
    const whole = await bytesOf(body);
    for (let length = 0; length < whole.length; length += 1) {
      const cut: Transport = async () => reply(200, whole.slice(0, length));
      expect(await sync(session, cut)).toMatchObject({ kind: "lost" });
    }
    expect(await session.store.base.count()).toBe(0);
    expect(await sync(session, async () => reply(200, whole))).toMatchObject({ kind: "done" });
    expect(await addresses(session)).toEqual(["一", "二"]);
  });

  it("has each line show the newest time the server signed", async () => {
    const station = await Station.open();
    const session = await enrolled(station);
    await matter(session, "one");
    await sync(session, station.transport);
    await matter(session, "two");
    await sync(session, station.transport);
    // Counted by the station: 1 when it was enrolled, 2 for the push, 3 for the pull.
    expect(station.lines.map(({ mutation }) => mutation.anchor?.n)).toEqual([1, 3]);
  });

  it("keeps a record shown until a pull has brought it", async () => {
    const station = await Station.open();
    const session = await enrolled(station);
    await matter(session, "m");
    await sync(session, faulty(station, 2, async () => lost()));
    expect(await states(session)).toEqual(["accepted"]);
    expect((await view(session, "matter")).get("m")).toMatchObject({ pending: true });
    const row = { row: "matter", id: "m", version: "1", summary: "m" };
    station.scopes.set(VILLAGE, { epoch: "a", changes: [row] });
    await sync(session, station.transport);
    expect((await view(session, "matter")).get("m")).toMatchObject({ pending: false });
  });

  it("keeps what the station refused, with its reason, until the officer has dealt with it", async () => {
    const station = await Station.open();
    const problem: Problem = { type: "x#42201", title: "填写有误", status: 422, detail: "请改。" };
    station.judge = () => ({ result: "rejected", problem });
    const session = await enrolled(station);
    await matter(session, "m");
    await sync(session, station.transport);
    const [entry] = await outboxOf(session);
    expect(entry).toMatchObject({ state: "rejected", answer: { problem }, pending: false });
    expect(entry?.mutation?.body).toMatchObject({ id: "m" });
    await dismiss(session, 1);
    expect((await outboxOf(session))[0]).toMatchObject({ state: "rejected", mutation: null });
  });

  it("does not let go of what was not refused", async () => {
    const session = await newSession();
    await matter(session, "m");
    await dismiss(session, 1);
    expect((await outboxOf(session))[0]?.mutation).not.toBeNull();
  });
});
