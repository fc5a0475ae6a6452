// Servers put back, replaced or too small; devices withdrawn, copied or too old.

import { describe, expect, it } from "vitest";
import { unlockDevice } from "../../src/core/device";
import { enrol } from "../../src/core/enrolling";
import { dismiss, outboxOf } from "../../src/core/outbox";
import { record } from "../../src/core/recording";
import type { Session } from "../../src/core/session";
import { fingerprint } from "../../src/core/signing";
import { type Outcome, sync } from "../../src/core/syncing";
import { StrangeAnswerError, type Transport } from "../../src/core/transport";
import { bound, enrolled, newSession, PASSPHRASE, surroundings } from "../devices";
import { HOUR, household, matter, OTHER, states, VILLAGE } from "../exchanges";
import { bytesOf, refusal, reply, Station } from "../station";

interface Said {
  last: number;
  head: string;
  anchor: { signature: string };
  results: { n: number; id: string; result: string }[];
}

/** The way to a station on which its answer to a push is altered. */
function altering(station: Station, alter: (answer: Said) => unknown): Transport {
  return async (request) => {
    const { status, body } = await station.answer(request);
    const bytes = await bytesOf(body);
    if (request.path !== "push") {
      return reply(status, bytes);
    }
    const answer = JSON.parse(Buffer.from(bytes).toString()) as Said;
    alter(answer);
    return reply(status, new Uint8Array(Buffer.from(JSON.stringify(answer))));
  };
}

/** What became of each line, and of what it is still shown to speak. */
async function shown(session: Session): Promise<[string, unknown][]> {
  const entries = await outboxOf(session);
  return entries.map(({ state, mutation }) => [state, mutation?.body["id"]]);
}

describe("a server", () => {
  it("put back to a backup gets again what it lost", async () => {
    const station = await Station.open();
    const session = await enrolled(station);
    await matter(session, "one");
    await matter(session, "two");
    await sync(session, station.transport);
    station.lines.length = 1;
    // First the pull tells, then the push that follows it.
    await sync(session, station.transport);
    expect(station.lines.map(({ mutation }) => mutation.body["id"])).toEqual(["one", "two"]);
    station.lines.length = 1;
    await matter(session, "three");
    await sync(session, station.transport);
    expect(station.lines.map(({ mutation }) => mutation.body["id"])).toEqual(["one", "two", "three"]);
    expect(await states(session)).toEqual(["accepted", "accepted", "accepted"]);
  });

  it("put back to a backup shows what it lost all the while, however many answers a pull takes", async () => {
    const station = await Station.open();
    const session = await enrolled(station);
    await matter(session, "one");
    await sync(session, station.transport);
    station.lines.length = 0;
    station.page = 1;
    station.scopes.set(VILLAGE, { epoch: "a", changes: ["1", "2", "3"].map((id) => household(id, "一")) });
    const pullOnly: Transport = (request) =>
      request.path === "push" ? Promise.reject(new Error("lost")) : station.transport(request);
    await sync(session, pullOnly);
    expect(await outboxOf(session)).toMatchObject([{ state: "sent", pending: true }]);
  });

  it("put back to before a refusal the officer has dealt with gets that line again, and says so", async () => {
    const station = await Station.open();
    station.judge = ({ body }) => ({ result: body["id"] === "bad" ? "rejected" : "accepted" });
    station.scopes.set(VILLAGE, { epoch: "a", changes: [] });
    const session = await enrolled(station);
    await matter(session, "bad");
    await sync(session, station.transport);
    await dismiss(session, 1);
    expect(await shown(session)).toEqual([["rejected", undefined]]);
    station.lines.length = 0;
    await matter(session, "new");
    expect(await sync(session, station.transport)).toMatchObject({ kind: "done" });
    expect(await shown(session)).toEqual([["rejected", "bad"], ["accepted", "new"]]);
    await dismiss(session, 1);
    station.time += 31 * 24 * HOUR;
    await sync(session, station.transport);
    expect((await session.store.outbox.get(1))?.line).toBeNull();
  });

  it("put back to before it does not bring a refusal that was dealt with to a new device", async () => {
    const station = await Station.open();
    station.judge = () => ({ result: "rejected" });
    station.scopes.set(VILLAGE, { epoch: "a", changes: [] });
    const session = await enrolled(station);
    await matter(session, "bad");
    await matter(session, "kept");
    await sync(session, station.transport);
    await dismiss(session, 1);
    station.lines.length = 0;
    await sync(session, async (request) =>
      request.path === "push" ? refusal(500, 50001) : station.answer(request),
    );
    expect(await shown(session)).toEqual([["sent", "bad"], ["sent", "kept"]]);
    expect(await shown(await bound(station, session))).toEqual([["waiting", "kept"]]);
  });

  it("that refuses what speaks of a village not on this device leaves nothing of it to keep", async () => {
    const station = await Station.open();
    station.judge = () => ({ result: "rejected" });
    station.scopes.set(VILLAGE, { epoch: "a", changes: [] });
    const session = await enrolled(station);
    await record(session, "matter", { id: "here", village_code: VILLAGE });
    await record(session, "matter", { id: "elsewhere", village_code: OTHER });
    await sync(session, station.transport);
    await dismiss(session, 1);
    await dismiss(session, 2);
    const lines = (await session.store.outbox.toArray()).map(({ line }) => line !== null);
    expect(lines).toEqual([true, false]);
  });

  it("put back to before lines this device had to let go of cannot go on with it", async () => {
    const station = await Station.open();
    station.scopes.set(VILLAGE, { epoch: "a", changes: [household("a", "一")] });
    const session = await enrolled(station);
    await record(session, "matter", { id: "gone", village_code: VILLAGE });
    await record(session, "matter", { id: "kept", village_code: OTHER });
    await sync(session, station.transport);
    station.scopes.delete(VILLAGE);
    await sync(session, station.transport);
    station.lines.length = 0;
    await matter(session, "new");
    expect(await sync(session, station.transport)).toMatchObject({ kind: "stopped" });
    expect((await session.state()).status).toBe("forked");
    const left = (await outboxOf(await bound(station, session))).map(({ mutation }) => mutation?.body["id"]);
    expect(left).toEqual(["kept", "new"]);
  });

  it("gets nothing again of what was delivered long ago", async () => {
    const station = await Station.open();
    const session = await enrolled(station);
    await matter(session, "one");
    await sync(session, station.transport);
    station.time += 31 * 24 * HOUR;
    await sync(session, station.transport);
    expect((await outboxOf(session))[0]).toMatchObject({ state: "accepted", mutation: null });
  });

  it("other than the one enrolled with is not believed", async () => {
    const [station, other] = [await Station.open(), await Station.open()];
    const session = await enrolled(station);
    await enrolled(other);
    await matter(session, "m");
    const strange = expect.any(StrangeAnswerError) as unknown;
    const swapped = altering(station, (answer) => {
      answer.anchor.signature = "A".repeat(86);
    });
    expect(await sync(session, swapped)).toEqual({ kind: "stopped", error: strange });
    expect(await states(session)).toEqual(["sent"]);
    const invitation = { code: other.invite(), fingerprint: await fingerprint(station.key) };
    const app = { app: "0", platform: "test" };
    await expect(enrol(await newSession(), other.transport, invitation, app)).rejects.toThrow(
      StrangeAnswerError,
    );
  });

  it.each<[string, (answer: Said) => void]>([
    ["names other mutations", (answer) => answer.results.forEach((one) => (one.id = "other"))],
    ["names other numbers", (answer) => answer.results.forEach((one) => (one.n += 1))],
    ["leaves lines out", (answer) => answer.results.pop()],
    ["knows no such result", (answer) => answer.results.forEach((one) => (one.result = "fine"))],
    ["holds another chain", (answer) => (answer.head = "00".repeat(32))],
    ["says no time", (answer) => delete (answer as Partial<Said>).anchor],
    ["says no results", (answer) => delete (answer as Partial<Said>).results],
    ["says no last line", (answer) => delete (answer as Partial<Said>).last],
    ["has not got the lines it answers", (answer) => (answer.last = 0)],
  ])("that %s is not believed, and asked again", async (_, alter) => {
    const station = await Station.open();
    const session = await enrolled(station);
    await matter(session, "m");
    const strange = expect.any(StrangeAnswerError) as unknown;
    const outcome = await sync(session, altering(station, alter));
    expect(outcome).toEqual({ kind: "stopped", error: strange });
    expect(await states(session)).toEqual(["sent"]);
    await sync(session, station.transport);
    expect([await states(session), station.lines.length]).toEqual([["accepted"], 1]);
  });

  it("that has too little room gets fewer lines at once", async () => {
    const station = await Station.open();
    const session = await enrolled(station);
    await Promise.all(["a", "b", "c", "d"].map((id) => matter(session, id)));
    const small: Transport = (request) => {
      const said = request.headers["Cunjing-Push"] ?? "";
      const { count } = JSON.parse(Buffer.from(said, "base64url").toString() || "{}") as { count?: number };
      return count !== undefined && count > 1
        ? Promise.resolve(refusal(413, 41301))
        : station.answer(request);
    };
    expect(await sync(session, small)).toEqual({ kind: "done", sent: 4 });
  });
});

describe("a device", () => {
  it("withdrawn by the station loses all but what was not delivered", async () => {
    const station = await Station.open();
    station.scopes.set(VILLAGE, { epoch: "a", changes: [household("a", "一")] });
    const session = await enrolled(station);
    await matter(session, "sent");
    await sync(session, station.transport);
    await matter(session, "unsent");
    station.revoked = true;
    expect(await sync(session, station.transport)).toMatchObject({ kind: "stopped" });
    expect(await session.state()).toMatchObject({ status: "revoked", enrolment: null });
    expect([await session.store.base.count(), await session.store.scopes.count()]).toEqual([0, 0]);
    expect((await outboxOf(session)).map(({ mutation }) => mutation?.body["id"])).toEqual(["unsent"]);
  });

  it("put back to an older copy is found out, and goes on as another with what was not taken", async () => {
    const station = await Station.open();
    const around = surroundings();
    const session = await enrolled(station, around);
    const copy = await Promise.all(around.store.tables.map((table) => table.toArray()));
    await matter(session, "one");
    await sync(session, station.transport);
    for (const [at, table] of around.store.tables.entries()) {
      await table.clear();
      await table.bulkAdd(copy[at] ?? []);
    }
    await matter(session, "two");
    expect(await sync(session, station.transport)).toMatchObject({ kind: "stopped" });
    expect(await session.state()).toMatchObject({ status: "forked" });
    const anew = await bound(station, session);
    expect(anew.deviceId).not.toBe(session.deviceId);
    expect(await sync(anew, station.transport)).toEqual({ kind: "done", sent: 1 });
    expect(station.lines.map(({ mutation }) => mutation.body["id"])).toEqual(["two"]);
    expect((await unlockDevice(around, PASSPHRASE)).deviceId).toBe(anew.deviceId);
  });

  it("hears from a pull that another copy of it has sent other lines", async () => {
    const station = await Station.open();
    const around = surroundings();
    const session = await enrolled(station, around);
    const copy = await Promise.all(around.store.tables.map((table) => table.toArray()));
    await matter(session, "one");
    await sync(session, station.transport);
    for (const [at, table] of around.store.tables.entries()) {
      await table.clear();
      await table.bulkAdd(copy[at] ?? []);
    }
    await sync(session, station.transport);
    expect(await session.state()).toMatchObject({ status: "forked", made: 0 });
    expect(station.lines).toHaveLength(1);
  });

  it("of an old version keeps its work, and goes on once it is known again", async () => {
    const station = await Station.open();
    const session = await enrolled(station);
    await matter(session, "m");
    const old: Transport = () => Promise.resolve(refusal(409, 40902, { oldest: 2, newest: 3 }));
    expect(await sync(session, old)).toMatchObject({ kind: "stopped" });
    expect((await session.state()).status).toBe("outdated");
    expect(await sync(session, station.transport)).toEqual({ kind: "done", sent: 1 });
    expect((await session.state()).status).toBe("enrolled");
  });

  it("syncs once at a time", async () => {
    const station = await Station.open();
    const session = await enrolled(station);
    await matter(session, "m");
    const both = await Promise.all([1, 2].map(() => sync(session, station.transport)));
    const sent = both.map((one: Outcome) => (one.kind === "done" ? one.sent : Number.NaN));
    expect(sent.toSorted()).toEqual([0, 1]);
    expect(station.requests.filter(({ path }) => path === "push")).toHaveLength(1);
  });

  it("that is not enrolled stops", async () => {
    const station = await Station.open();
    const session = await newSession();
    expect(await sync(session, station.transport)).toMatchObject({ kind: "stopped" });
    expect(station.requests).toEqual([]);
  });
});
