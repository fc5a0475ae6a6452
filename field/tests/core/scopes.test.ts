// The rows of a scope come, change and go with the station's and the grant.

import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { outboxOf } from "../../src/core/outbox";
import { DigestError } from "../../src/core/pulling";
import { sync } from "../../src/core/syncing";
import type { Transport } from "../../src/core/transport";
import { view } from "../../src/core/view";
import { enrolled, surroundings } from "../devices";
import { addresses, faulty, HOUR, household, lost, matter, OTHER, VILLAGE } from "../exchanges";
import { bytesOf, reply, type ScopeChange, Station } from "../station";

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

  it("come in as many answers as it takes, and go on where they were cut", async () => {
    const station = await Station.open();
    const changes = ["a", "b", "c", "d", "e"].map((id) => household(id, id));
    station.scopes.set(VILLAGE, { epoch: "a", changes });
    station.page = 2;
    const session = await enrolled(station);
    await matter(session, "m");
    // Push, first pages, and then no network: what came is kept, the record still lies over it.
    expect(await sync(session, faulty(station, 3, async () => lost()))).toMatchObject({ kind: "lost" });
    expect(await addresses(session)).toEqual(["a", "b"]);
    expect((await view(session, "matter")).get("m")).toMatchObject({ pending: true });
    station.requests.length = 0;
    await sync(session, station.transport);
    expect(station.requests.map(({ path }) => path)).toEqual(["pull", "pull"]);
    expect(await addresses(session)).toEqual(["a", "b", "c", "d", "e"]);
    expect((await view(session, "matter")).has("m")).toBe(false);
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

  it("are not kept from an answer that lost whole lines on the way", async () => {
    const station = await Station.open();
    station.scopes.set(VILLAGE, { epoch: "a", changes: [household("a", "一")] });
    station.scopes.set(OTHER, { epoch: "b", changes: [household("b", "二")] });
    const session = await enrolled(station);
    const shortened: Transport = async (request) => {
      const { status, body } = await station.answer(request);
      const lines = gunzipSync(await bytesOf(body)).toString().split("\n");
      return reply(status, new Uint8Array(Buffer.from(lines.toSpliced(0, 3).join("\n"))));
    };
    expect(await sync(session, shortened)).toMatchObject({ kind: "lost" });
    expect(await session.store.scopes.count()).toBe(0);
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
    station.scopes.set(VILLAGE, { epoch: "b", changes: [household("b", "二")] });
    station.requests.length = 0;
    await sync(session, station.transport);
    expect(station.requests).toHaveLength(1);
    const after = await session.store.scopes.get(VILLAGE);
    expect(after?.epoch).toBe("b");
    expect(after?.wrapped).not.toEqual(before?.wrapped);
    expect(await addresses(session)).toEqual(["二"]);
    expect(await session.store.base.count()).toBe(1);
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
