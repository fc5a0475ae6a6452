// Device and station: nothing lost, nothing twice, whatever happens on the way.

import { describe, expect, it } from "vitest";
import { unlockDevice } from "../../src/core/device";
import { enrol } from "../../src/core/enrolling";
import { startOver } from "../../src/core/leaving";
import { dismiss, outboxOf } from "../../src/core/outbox";
import type { Problem } from "../../src/core/protocol";
import { DigestError } from "../../src/core/pulling";
import { record } from "../../src/core/recording";
import type { Session } from "../../src/core/session";
import { fingerprint } from "../../src/core/signing";
import { type Outcome, sync } from "../../src/core/syncing";
import { StrangeAnswerError, type Transport } from "../../src/core/transport";
import { view } from "../../src/core/view";
import { enrolled, newSession, PASSPHRASE, surroundings } from "../devices";
import { bytesOf, CODE, refusal, reply, type ScopeChange, Station } from "../station";

const VILLAGE = "411526000001";
const OTHER = "411526000002";
const HOUR = 3_600_000;

function household(id: string, address: string, version = "1") {
  return { row: "household", id, version, address };
}

async function matter(session: Session, id: string): Promise<void> {
  await record(session, "matter", { id, village_code: VILLAGE, summary: id });
}

async function states(session: Session): Promise<string[]> {
  return (await outboxOf(session)).map(({ state }) => state);
}

async function addresses(session: Session): Promise<unknown[]> {
  const rows = [...(await view(session, "household")).values()];
  return rows.map(({ fields }) => fields["address"]).toSorted();
}

/** The way to a station on which the k-th request meets what `fault` does to it. */
function faulty(station: Station, at: number, fault: (go: () => ReturnType<Transport>) => ReturnType<Transport>): Transport {
  let count = 0;
  return (request) => {
    count += 1;
    return count === at ? fault(() => station.answer(request)) : station.answer(request);
  };
}

const lost = (): never => {
  throw new TypeError("Failed to fetch");
};

const FAULTS: Record<string, (go: () => ReturnType<Transport>) => ReturnType<Transport>> = {
  "is lost": async () => lost(),
  "loses its answer": async (go) => (await go(), lost()),
  "arrives twice": async (go) => (await go(), go()),
  "has its answer cut": async (go) => {
    const { status, body } = await go();
    const whole = await bytesOf(body);
    return reply(status, whole.slice(0, whole.length / 2));
  },
  "meets a server in trouble": async () => reply(503, new Uint8Array()),
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
  )("comes to the same when request $at $name", async ({ at, fault }) => {
    const station = await Station.open();
    station.scopes.set(VILLAGE, { epoch: "a", changes: [household("h", "村东一号")] });
    const around = surroundings();
    const session = await enrolled(station, around);
    await matter(session, "m");
    await sync(session, faulty(station, at, fault));
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

describe("the rows of a scope", () => {
  it("follow the station: changed, gone, new", async () => {
    const station = await Station.open();
    const changes: ScopeChange[] = [household("a", "一"), household("b", "二")];
    station.scopes.set(VILLAGE, { epoch: "a", changes });
    const session = await enrolled(station);
    await sync(session, station.transport);
    changes.push(household("a", "一改", "2"), { ...household("b", ""), gone: true });
    changes.push(household("c", "三"), household("c", "三改", "2"));
    station.requests.length = 0;
    await sync(session, station.transport);
    expect(await addresses(session)).toEqual(["一改", "三改"]);
    // Nothing was pulled twice: the digest after the changes was the station's.
    expect(station.requests.map(({ path }) => path)).toEqual(["pull"]);
  });

  it("are pulled from nothing when the digest does not fit", async () => {
    const station = await Station.open();
    station.scopes.set(VILLAGE, { epoch: "a", changes: [household("a", "一"), household("b", "二")] });
    const session = await enrolled(station);
    await sync(session, station.transport);
    await session.store.base.where("scope").equals(VILLAGE).modify({ version: "9" });
    await session.store.scopes.update(VILLAGE, { digest: "00".repeat(32) });
    expect(await sync(session, station.transport)).toMatchObject({ kind: "done" });
    expect(await addresses(session)).toEqual(["一", "二"]);
  });

  it("are given up, not pulled for ever, when no digest ever fits", async () => {
    const station = await Station.open();
    station.scopes.set(VILLAGE, { epoch: "a", changes: [household("a", "一")] });
    station.lying = true;
    const session = await enrolled(station);
    const outcome = await sync(session, station.transport);
    expect(outcome).toMatchObject({ kind: "stopped", error: expect.any(DigestError) as unknown });
    expect(await session.store.base.count()).toBe(0);
  });

  it("go with the grant, key and all; what was not sent stays and is sent", async () => {
    const station = await Station.open();
    station.scopes.set(VILLAGE, { epoch: "a", changes: [household("a", "一")] });
    station.scopes.set(OTHER, { epoch: "b", changes: [household("b", "二")] });
    const session = await enrolled(station);
    await matter(session, "before");
    await sync(session, station.transport);
    station.scopes.delete(VILLAGE);
    await sync(session, faulty(station, 1, (go) => (void matter(session, "after"), go())));
    expect(await session.store.scopes.toCollection().primaryKeys()).toEqual([OTHER]);
    expect(await addresses(session)).toEqual(["二"]);
    expect((await outboxOf(session)).map(({ mutation }) => mutation?.body["id"])).toEqual([
      undefined,
      "after",
    ]);
    await sync(session, station.transport);
    expect(station.lines.map(({ mutation }) => mutation.body["id"])).toEqual(["before", "after"]);
  });

  it("begin anew with another key when the grant is another", async () => {
    const station = await Station.open();
    station.scopes.set(VILLAGE, { epoch: "a", changes: [household("a", "一")] });
    const session = await enrolled(station);
    await sync(session, station.transport);
    const before = await session.store.scopes.get(VILLAGE);
    station.scopes.set(VILLAGE, { epoch: "b", changes: [household("a", "一")] });
    await sync(session, station.transport);
    const after = await session.store.scopes.get(VILLAGE);
    expect(after?.epoch).toBe("b");
    expect(after?.wrapped).not.toEqual(before?.wrapped);
    expect(await addresses(session)).toEqual(["一"]);
  });

  it("are hidden when the lease has ended; records can still be made, and are shown", async () => {
    const station = await Station.open();
    station.scopes.set(VILLAGE, { epoch: "a", changes: [household("a", "一")] });
    const around = surroundings();
    const session = await enrolled(station, around);
    await sync(session, station.transport);
    around.clock.pass(72 * HOUR);
    await matter(session, "m");
    expect(await addresses(session)).toEqual([]);
    expect((await view(session, "matter")).has("m")).toBe(true);
    station.time += 72 * HOUR;
    await sync(session, station.transport);
    expect(await addresses(session)).toEqual(["一"]);
  });
});

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
    const swapped: Transport = async (request) => {
      const { status, body } = await station.answer(request);
      const text = Buffer.from(await bytesOf(body)).toString();
      const answer = JSON.parse(text) as { anchor: { signature: string } };
      answer.anchor.signature = "A".repeat(86);
      return reply(status, new Uint8Array(Buffer.from(JSON.stringify(answer))));
    };
    expect(await sync(session, swapped)).toEqual({ kind: "stopped", error: strange });
    expect(await states(session)).toEqual(["sent"]);
    const invitation = { code: CODE, fingerprint: await fingerprint(station.key) };
    const app = { app: "0", platform: "test" };
    await expect(enrol(await newSession(), other.transport, invitation, app)).rejects.toThrow(
      StrangeAnswerError,
    );
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
    const anew = await startOver(session);
    expect(anew.deviceId).not.toBe(session.deviceId);
    const invitation = { code: CODE, fingerprint: await fingerprint(station.key) };
    await enrol(anew, station.transport, invitation, { app: "0", platform: "test" });
    expect(await sync(anew, station.transport)).toEqual({ kind: "done", sent: 1 });
    expect(station.lines.map(({ mutation }) => mutation.body["id"])).toEqual(["two"]);
    expect((await unlockDevice(around, PASSPHRASE)).deviceId).toBe(anew.deviceId);
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
  });

  it("that is not enrolled stops", async () => {
    const station = await Station.open();
    const session = await newSession();
    expect(await sync(session, station.transport)).toMatchObject({ kind: "stopped" });
    expect(station.requests).toEqual([]);
  });
});
