// Binding a phone, for the first time and anew: answers lost, codes of others, exchanges under way.

import { beforeEach, describe, expect, it } from "vitest";
import { unlockDevice } from "../../src/core/device";
import { withdraw } from "../../src/core/leaving";
import type { Lock } from "../../src/core/lock";
import { fatesOf } from "../../src/core/fates";
import { dismiss, linesAgain, outboxOf } from "../../src/core/outbox";
import { addPhoto, arrivedPhotos, lostPhotos, promisePhotos } from "../../src/core/photos/photos";
import { sendPhotos } from "../../src/core/photos/sending";
import type { Person } from "../../src/core/protocol";
import { OtherDeviceError, Session } from "../../src/core/session";
import { sync } from "../../src/core/syncing";
import { LostError, RefusedError, type Reply, type Transport } from "../../src/core/transport";
import { finishVisit, startVisit } from "../../src/core/visits";
import { bound, enrolled, newSession, PASSPHRASE, surroundings, type Surrounded } from "../devices";
import { addresses, faulty, gate, household, lost, matter, states, VILLAGE } from "../exchanges";
import { LI_MING, refusal, Station } from "../station";
import { CLEAN } from "./photos/pictures";

const WANG_FANG: Person = { user_id: "w", name: "王芳", staff_id: "ws" };

let station: Station;
let around: Surrounded;

beforeEach(async () => {
  station = await Station.open();
  station.scopes.set(VILLAGE, { epoch: "a", changes: [household("a", "一")] });
  around = surroundings();
});

/** The station hears, and its answer is lost. */
const unheard: Transport = async (request) => {
  await station.answer(request);
  return lost();
};

async function said(session: Session): Promise<unknown[]> {
  return (await outboxOf(session)).map(({ mutation }) => mutation?.body["id"]);
}

/** A device whose chain the station no longer goes on with; a line waits on it. */
async function stuck(): Promise<Session> {
  const session = await enrolled(station, around);
  await sync(session, station.transport);
  await matter(session, "waits");
  await sync(session, async (request) => (request.path === "push" ? refusal(409, 40904) : lost()));
  expect((await session.state()).status).toBe("forked");
  return session;
}

describe("a binding whose answer was lost", () => {
  it("is made good by another code, for a phone bound the first time", async () => {
    const session = await newSession(around);
    await expect(bound(station, session, { transport: unheard })).rejects.toThrow(LostError);
    const again = await bound(station, session);
    expect(again.deviceId).toBe(session.deviceId);
    expect(await sync(again, station.transport)).toEqual({ kind: "done", sent: 0 });
  });

  it("leaves a phone that is bound anew what it was: its lines, its rows, its recording", async () => {
    const session = await stuck();
    await expect(bound(station, session, { transport: unheard })).rejects.toThrow(LostError);
    const same = await unlockDevice(around, PASSPHRASE);
    expect(same.deviceId).toBe(session.deviceId);
    await matter(same, "later");
    expect([await said(same), await addresses(same)]).toEqual([["waits", "later"], ["一"]]);
  });

  it("is made good by another code, and by the same, for a phone bound anew", async () => {
    const session = await stuck();
    const code = station.invite();
    await expect(bound(station, session, { code, transport: unheard })).rejects.toThrow(LostError);
    await expect(bound(station, session, { code, transport: unheard })).rejects.toThrow(LostError);
    await matter(session, "later");
    const again = await bound(station, await unlockDevice(around, PASSPHRASE));
    expect(again.deviceId).not.toBe(session.deviceId);
    expect(new Set(enrolments()).size).toBe(1);
    expect(await sync(again, station.transport)).toEqual({ kind: "done", sent: 2 });
    expect((await around.store.keys.get("keys"))?.next).toBeUndefined();
  });

  it("with somebody else's code does not shut the phone out", async () => {
    const session = await newSession(around);
    const code = station.invite(WANG_FANG);
    await expect(bound(station, session, { code, transport: unheard })).rejects.toThrow(LostError);
    const again = await bound(station, session);
    expect((await again.state()).enrolment?.person).toEqual(LI_MING);
    expect(await sync(again, station.transport)).toEqual({ kind: "done", sent: 0 });
  });

  it("is made good by its person's next code, whatever was refused in between", async () => {
    const session = await stuck();
    const lostOne = { code: station.invite(), transport: unheard };
    await expect(bound(station, session, lostOne)).rejects.toThrow(LostError);
    await expect(bound(station, session, { code: "ended" })).rejects.toThrow(RefusedError);
    await bound(station, session);
    // No device stays behind that never speaks: the one before, and the one that is.
    expect(station.devices.size).toBe(2);
  });

  it("is not forgotten over another person's, nor theirs over it", async () => {
    const session = await newSession(around);
    for (const person of [WANG_FANG, LI_MING]) {
      const code = station.invite(person);
      await expect(bound(station, session, { code, transport: unheard })).rejects.toThrow(LostError);
    }
    const again = await bound(station, session);
    expect((await again.state()).enrolment?.person).toEqual(LI_MING);
    expect(station.devices.size).toBe(2);
  });

  it("is asked for again where an earlier version kept the wish by itself", async () => {
    const session = await stuck();
    await expect(bound(station, session, { transport: unheard })).rejects.toThrow(LostError);
    const next = (await around.store.keys.get("keys"))?.next;
    const [one = expect.fail()] = next === undefined ? [] : [next].flat();
    await around.store.keys.update("keys", { next: one });
    expect((await bound(station, session)).deviceId).toBe(one.device);
  });

  it("is made good by the same code, where an earlier one was somebody else's", async () => {
    const session = await newSession(around);
    const theirs = station.invite(WANG_FANG);
    await expect(bound(station, session, { code: theirs, transport: unheard })).rejects.toThrow(LostError);
    const code = station.invite();
    // The first wish is the other's and refused aloud; the answer to the second is lost.
    let asked = 0;
    const halfHeard: Transport = async (request) => {
      asked += 1;
      const reply = await station.answer(request);
      return asked === 2 ? lost() : reply;
    };
    await expect(bound(station, session, { code, transport: halfHeard })).rejects.toThrow(LostError);
    expect((await (await bound(station, session, { code })).state()).enrolment?.person).toEqual(LI_MING);
    expect(station.devices.size).toBe(2);
  });

  it("is refused as often as the code is bad, and passes with a good one", async () => {
    const session = await stuck();
    for (const code of ["guessed", "guessed again"]) {
      await expect(bound(station, session, { code })).rejects.toThrow(RefusedError);
    }
    // A bad code says nothing of the id: it is asked once, and under the same.
    expect(enrolments().length).toBe(2);
    expect(new Set(enrolments()).size).toBe(1);
    expect(await said(await bound(station, session))).toEqual(["waits"]);
  });

  function enrolments(): string[] {
    const asked = station.requests.filter(({ path }) => path === "enrol").slice(1);
    return asked.map(({ body }) => (JSON.parse(Buffer.from(body).toString()) as { device_id: string }).device_id);
  }
});

describe("an exchange under way while the phone is bound anew", () => {
  it("comes to its end first", async () => {
    const session = await enrolled(station, around);
    const way = gate("pull", station.transport);
    const exchange = sync(session, way.transport);
    await way.reached;
    const binding = bound(station, session);
    await matter(session, "meanwhile");
    expect(station.requests.filter(({ path }) => path === "enrol")).toHaveLength(1);
    way.open();
    expect(await exchange).toEqual({ kind: "done", sent: 1 });
    const again = await binding;
    expect(await again.state()).toMatchObject({ status: "enrolled", made: 1, answered: 0 });
    expect(await sync(again, station.transport)).toEqual({ kind: "done", sent: 1 });
  });

  it("comes to its end first where it sends photos", async () => {
    const session = await enrolled(station, around);
    const visit = await startVisit(session, { village_code: VILLAGE, staff_id: "s" });
    await addPhoto(session, { beside: "record", owner: visit, visit: "" }, CLEAN);
    await around.store.photos.toCollection().modify({ state: "promised" });
    let send = (): void => undefined;
    let asked = (): void => undefined;
    const reached = new Promise<void>((resolve) => (asked = resolve));
    const sending = sendPhotos(session, () => {
      asked();
      return new Promise((resolve) => (send = () => resolve({ kind: "sent" })));
    });
    const binding = bound(station, session);
    await reached;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(station.requests.filter(({ path }) => path === "enrol")).toHaveLength(1);
    send();
    expect((await sending).sent).toBe(1);
    expect((await (await binding).state()).status).toBe("enrolled");
  });

  it.each<[string, (pulled: Reply) => Reply]>([
    ["pull that names lines of the old device", (pulled) => pulled],
    ["word that the old device was withdrawn", () => refusal(401, 40103, { last: 0 })],
  ])("does nothing to the new device where no lock holds it up: a late %s", async (_, late) => {
    const loose: Lock = { run: (_, work) => work() };
    const session = await enrolled(station, { ...around, lock: loose });
    await matter(session, "sent");
    await sync(session, station.transport);
    const pulled = await station.answer(station.requests.at(-1) ?? expect.fail());
    const way = gate("pull", () => Promise.resolve(late(pulled)));
    const exchange = sync(session, way.transport).catch((error: unknown) => ({ error }));
    await way.reached;
    const again = await bound(station, session);
    way.open();
    expect(await exchange).toMatchObject({ error: expect.any(OtherDeviceError) as unknown });
    expect(await again.state()).toMatchObject({ status: "enrolled", made: 1, answered: 0 });
  });

  it("cannot begin for a device that is no more", async () => {
    const session = await enrolled(station, around);
    await bound(station, session);
    const before = station.requests.length;
    const error = expect.any(OtherDeviceError) as unknown;
    expect(await sync(session, station.transport)).toEqual({ kind: "stopped", error });
    await expect(matter(session, "late")).rejects.toThrow(OtherDeviceError);
    expect(station.requests).toHaveLength(before);
  });
});

describe("a phone bound anew", () => {
  /** The server is put back to before the phone was bound: it knows neither it nor what it sent. */
  async function putBack(session: Session): Promise<void> {
    station.devices.clear();
    station.lines.length = 0;
    expect(await sync(session, () => Promise.resolve(refusal(401, 40102)))).toMatchObject({ kind: "stopped" });
  }

  it("sends what was taken as well: the server may be put back to before it", async () => {
    const session = await enrolled(station, around);
    station.judge = ({ body }) => ({ result: body["id"] === "clash" ? "conflict" : "accepted" });
    await matter(session, "taken");
    await matter(session, "clash");
    await sync(session, station.transport);
    await matter(session, "later");
    await putBack(session);
    const again = await bound(station, session);
    expect(await sync(again, station.transport)).toEqual({ kind: "done", sent: 3 });
    expect(station.lines.map(({ mutation }) => mutation.body["id"])).toEqual(["taken", "clash", "later"]);
    expect(await states(again)).toEqual(["accepted", "conflict", "accepted"]);
  });

  it("sends under the ids they had what was taken before, and what the officer has put away of it", async () => {
    const session = await enrolled(station, around);
    station.judge = ({ body }) => ({ result: body["id"] === "refused" ? "rejected" : "conflict" });
    await matter(session, "clash");
    await matter(session, "refused");
    await sync(session, station.transport);
    await dismiss(session, 1);
    await dismiss(session, 2);
    const [clash] = await around.store.outbox.toArray();
    await bound(station, session);
    expect((await around.store.outbox.toArray()).map(({ id }) => id)).toEqual([clash?.id]);
  });

  it("says of what was taken before neither that it waits nor that it is here only", async () => {
    const session = await enrolled(station, around);
    await matter(session, "taken");
    await sync(session, station.transport);
    await matter(session, "waits");
    const again = await bound(station, session);
    const fates = async (of: Session) => (await outboxOf(of)).map((one) => [one.state, one.again]);
    expect(await fates(again)).toEqual([["waiting", true], ["waiting", false]]);
    expect(await linesAgain(again)).toBe(1);
    expect((await fatesOf(again)).records.get("taken")?.fate).toBe("sent");
    // Bound once more before it was compared, it is still what was taken.
    const third = await bound(station, again);
    expect(await fates(third)).toEqual([["waiting", true], ["waiting", false]]);
    await sync(third, station.transport);
    expect(await fates(third)).toEqual([["accepted", false], ["accepted", false]]);
    // A server that then lacks it has said so.
    station.lines.length = 0;
    await sync(third, faulty(station, 2, lost));
    expect(await fates(third)).toEqual([["sent", false], ["sent", false]]);
  });

  it("counts what was taken among what waits where the server did not know the phone any more", async () => {
    const session = await enrolled(station, around);
    await matter(session, "taken");
    await sync(session, station.transport);
    await putBack(session);
    expect(await linesAgain(await bound(station, session))).toBe(0);
  });

  it("keeps a clash put away that is a clash still, and its line; on a server that lost it, tells it anew", async () => {
    const session = await enrolled(station, around);
    station.judge = () => ({ result: "conflict" });
    await matter(session, "clash");
    await sync(session, station.transport);
    await dismiss(session, 1);
    const again = await bound(station, session);
    await sync(again, station.transport);
    expect((await fatesOf(again)).untaken).toEqual([]);
    const [kept] = await around.store.outbox.toArray();
    expect(kept).toMatchObject({ state: "conflict", dismissed: true, answer: null });
    expect([kept?.line, kept?.keptUntil]).not.toContain(null);
    expect(kept?.keptUntil).toBeGreaterThan(station.time);
    await putBack(again);
    const third = await bound(station, again);
    await sync(third, station.transport);
    expect((await fatesOf(third)).untaken.map(({ mutation }) => mutation.body["id"])).toEqual(["clash"]);
  });

  it("sends what was put away and the station has done since, and nothing else that was put away", async () => {
    const session = await enrolled(station, around);
    station.judge = () => ({ result: "rejected" });
    for (const id of ["done", "dismissed", "silent"]) {
      await matter(session, id);
    }
    await sync(session, station.transport);
    const [done, dismissed] = await outboxOf(session);
    await Promise.all([1, 2, 3].map((n) => dismiss(session, n)));
    const decided = (line: string | undefined, outcome: string) =>
      ({ row: "decision", id: `d-${line}`, version: "1", village: VILLAGE, line, outcome, reason: "", decided_by: "王" });
    station.scopes.get(VILLAGE)?.changes.push(decided(done?.id, "applied"), decided(dismissed?.id, "dismissed"));
    await sync(session, station.transport);
    // The server is put back to before the binding and the decision.
    await putBack(session);
    const again = await bound(station, session);
    expect(await said(again)).toEqual(["done"]);
    await sync(again, station.transport);
    expect(station.lines).toHaveLength(1);
  });

  it("does not send what was let go of, nor what it handed over when it was withdrawn", async () => {
    const session = await enrolled(station, around);
    await matter(session, "old");
    await matter(session, "taken");
    await sync(session, station.transport);
    await around.store.outbox.update(1, { line: null });
    const again = await bound(station, session);
    expect(await said(again)).toEqual(["taken"]);
    await sync(again, station.transport);
    await startVisit(again, { village_code: VILLAGE, staff_id: "s" });
    await withdraw(again);
    expect(await said(await bound(station, again))).toEqual([]);
  });

  /** A visit whose photo is at the station, and no longer on the phone. */
  async function withPhoto(session: Session): Promise<string> {
    const visit = await startVisit(session, { village_code: VILLAGE, staff_id: "s" });
    await addPhoto(session, { beside: "record", owner: visit, visit }, CLEAN);
    await finishVisit(session, visit);
    await promisePhotos(session);
    await sync(session, station.transport);
    await sendPhotos(session, () => Promise.resolve({ kind: "sent" }));
    return visit;
  }

  it("still knows which photos have arrived", async () => {
    const session = await enrolled(station, around);
    const visit = await withPhoto(session);
    const again = await bound(station, session);
    await sync(again, station.transport);
    expect([await arrivedPhotos(again, visit), await lostPhotos(again, visit)]).toEqual([1, 0]);
  });

  it("says that a photo may be lost where the server did not know the phone any more", async () => {
    const session = await enrolled(station, around);
    const visit = await withPhoto(session);
    await putBack(session);
    const again = await bound(station, session);
    await sync(again, station.transport);
    expect([await arrivedPhotos(again, visit), await lostPhotos(again, visit)]).toEqual([0, 1]);
    // And so it stays, whatever code is shown after that.
    const third = await bound(station, again);
    await sync(third, station.transport);
    expect([await arrivedPhotos(third, visit), await lostPhotos(third, visit)]).toEqual([0, 1]);
  });

  it("does not hold it against a server that knows the phone after all", async () => {
    const session = await enrolled(station, around);
    const visit = await withPhoto(session);
    expect(await sync(session, () => Promise.resolve(refusal(401, 40102)))).toMatchObject({ kind: "stopped" });
    expect(await sync(session, station.transport)).toMatchObject({ kind: "done" });
    const again = await bound(station, session);
    await sync(again, station.transport);
    expect([await arrivedPhotos(again, visit), await lostPhotos(again, visit)]).toEqual([1, 0]);
  });
});
