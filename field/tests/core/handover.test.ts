// A withdrawn device hands over what it had not sent, sealed, and lets go of it.

import { describe, expect, it } from "vitest";
import { outboxOf } from "../../src/core/outbox";
import { sync } from "../../src/core/syncing";
import { enrolled } from "../devices";
import { matter } from "../exchanges";
import { Station } from "../station";

async function withdrawn(): Promise<{ station: Station; session: Awaited<ReturnType<typeof enrolled>> }> {
  const station = await Station.open();
  station.judge = () => ({ result: station.revoked ? "quarantined" : "accepted" });
  const session = await enrolled(station);
  await matter(session, "sent");
  await sync(session, station.transport);
  await matter(session, "one");
  await matter(session, "two");
  station.revoked = true;
  return { station, session };
}

describe("a withdrawn device", () => {
  it("hands over what it had not sent, sealed to the server's key, and keeps nothing", async () => {
    const { station, session } = await withdrawn();
    station.handedOver = [];
    expect(await sync(session, station.transport)).toMatchObject({ kind: "stopped" });
    expect(station.lines.map(({ mutation }) => mutation.body["id"])).toEqual(["sent", "one", "two"]);
    expect(station.handedOver).toHaveLength(1);
    expect(Buffer.from(station.handedOver[0] ?? []).toString("latin1")).not.toContain("two");
    expect(await outboxOf(session)).toEqual([]);
    expect(await session.state()).toMatchObject({ status: "revoked", withdrawn: null, contact: null });
  });

  it("keeps it until the server has it, and tries again", async () => {
    const { station, session } = await withdrawn();
    await sync(session, station.transport);
    expect((await outboxOf(session)).map(({ mutation }) => mutation?.body["id"])).toEqual(["one", "two"]);
    station.handedOver = [];
    await sync(session, station.transport);
    expect(station.lines).toHaveLength(3);
    expect(await outboxOf(session)).toEqual([]);
  });

  it("keeps nothing of a line either whose answer was lost before it was withdrawn", async () => {
    const station = await Station.open();
    station.judge = () => ({ result: station.revoked ? "quarantined" : "accepted" });
    station.handedOver = [];
    const session = await enrolled(station);
    await matter(session, "heard of by nobody");
    await sync(session, async (request) => {
      await station.transport(request);
      throw new Error("the answer is lost");
    });
    await matter(session, "one");
    station.revoked = true;
    await sync(session, station.transport);
    expect(station.lines).toHaveLength(2);
    expect(await outboxOf(session)).toEqual([]);
  });

  it("hands over as well what the server had and, put back to a backup, has no more", async () => {
    const { station, session } = await withdrawn();
    station.handedOver = [];
    station.lines.length = 0;
    await sync(session, station.transport);
    expect(station.lines.map(({ mutation }) => mutation.body["id"])).toEqual(["sent", "one", "two"]);
    expect(await outboxOf(session)).toEqual([]);
  });

  it("keeps what it had not sent where the chain before that can no longer be told", async () => {
    const { station, session } = await withdrawn();
    station.handedOver = [];
    station.lines.length = 0;
    await session.store.outbox.update(1, { line: null });
    await sync(session, station.transport);
    expect((await outboxOf(session)).map(({ mutation }) => mutation?.body["id"])).toEqual(["one", "two"]);
  });
});
