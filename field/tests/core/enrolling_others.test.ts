// A phone that is bound with somebody else's code: what stops it, and what is left of who had it before.

import { beforeEach, describe, expect, it } from "vitest";
import { addSecret, otherOpener, unlockBySecret, unlockDevice } from "../../src/core/device";
import { editForm } from "../../src/core/edits";
import { NewPassphraseError, OtherPersonError, withdraw } from "../../src/core/leaving";
import { formsKept, formsOf, keepNote, noteOf } from "../../src/core/notes";
import { outboxOf } from "../../src/core/outbox";
import { addPhoto } from "../../src/core/photos/photos";
import type { Person } from "../../src/core/protocol";
import { PassphraseTooShortError, random, WrongPassphraseError } from "../../src/core/sealing";
import { OtherDeviceError, Session } from "../../src/core/session";
import { placeOfPicks } from "../../src/core/stored";
import { sync } from "../../src/core/syncing";
import { finishVisit, startVisit } from "../../src/core/visits";
import { bound, enrolled, PASSPHRASE, surroundings, type Surrounded } from "../devices";
import { addresses, household, matter, VILLAGE } from "../exchanges";
import { LI_MING, Station } from "../station";
import { CLEAN } from "./photos/pictures";

const WANG_FANG: Person = { user_id: "w", name: "王芳", staff_id: "ws" };
const HERS = "王芳自己的一个口令";

let station: Station;
let around: Surrounded;

beforeEach(async () => {
  station = await Station.open();
  station.scopes.set(VILLAGE, { epoch: "a", changes: [household("a", "一")] });
  around = surroundings();
});

async function said(session: Session): Promise<unknown[]> {
  return (await outboxOf(session)).map(({ mutation }) => mutation?.body["id"]);
}

describe("a phone bound with somebody else's code", () => {
  const theirs = () => ({ code: station.invite(WANG_FANG), passphrase: HERS });

  it.each<[string, (session: Session) => Promise<unknown>, object]>([
    ["a line", (session) => matter(session, "waits"), { lines: 1 }],
    ["a visit under way", (session) => startVisit(session, { village_code: VILLAGE, staff_id: "s" }), { visits: 1 }],
    ["a photo", (session) => addPhoto(session, { beside: "record", owner: "r", visit: "" }, CLEAN), { photos: 1 }],
    ["a form half filled in", (session) => keepNote(session, "question/q", { text: "两村" }), { forms: 1 }],
  ])("is refused while %s is left, and all is as it was", async (_, leave, left) => {
    const session = await enrolled(station, around);
    await sync(session, station.transport);
    await leave(session);
    const before = await session.state();
    const refused = { worker: LI_MING, other: WANG_FANG, left: { lines: 0, visits: 0, photos: 0, forms: 0, ...left } };
    await expect(bound(station, session, theirs())).rejects.toMatchObject(refused);
    expect(await (await unlockDevice(around, PASSPHRASE)).state()).toEqual(before);
    expect(await addresses(session)).toEqual(["一"]);
    // The first person's own code does not meet what the other's left at the station.
    expect((await (await bound(station, session)).state()).enrolment?.person).toEqual(LI_MING);
  });

  it("is refused while a line is left that nobody has decided; not for one the station has done since", async () => {
    const session = await enrolled(station, around);
    station.judge = () => ({ result: "quarantined" });
    await matter(session, "undecided");
    await sync(session, station.transport);
    await expect(bound(station, session, theirs())).rejects.toMatchObject({ left: { lines: 0, untaken: 1 } });
    const again = await bound(station, session);
    await sync(again, station.transport);
    const [line] = await outboxOf(again);
    const decision = { row: "decision", id: "d", version: "1", village: VILLAGE, line: line?.id, outcome: "applied" };
    station.scopes.get(VILLAGE)?.changes.push({ ...decision, reason: "", decided_by: "王" });
    await sync(again, station.transport);
    expect(await said(await bound(station, again, theirs()))).toEqual([]);
  });

  it("is theirs once nothing is left, and remembers nothing of the other", async () => {
    const session = await enrolled(station, around);
    await keepNote(session, "recent", { information: "road" });
    await keepNote(session, `${placeOfPicks(VILLAGE)}work`, []);
    await matter(session, "sent");
    await sync(session, station.transport);
    const again = await bound(station, session, theirs());
    expect((await again.state()).enrolment?.person).toEqual(WANG_FANG);
    expect(await noteOf(again, "recent")).toBeUndefined();
    // What was done for the first is not sent under the other's name.
    expect(await said(again)).toEqual([]);
  });

  it("asks for a passphrase of theirs, and by the same code is theirs once it has one", async () => {
    const session = await enrolled(station, around);
    const { code } = theirs();
    const before = await session.state();
    const asked = { worker: LI_MING, other: WANG_FANG };
    await expect(bound(station, session, { code })).rejects.toMatchObject(asked);
    await expect(bound(station, session, { code })).rejects.toThrow(NewPassphraseError);
    const short = bound(station, session, { code, passphrase: "1234" });
    await expect(short).rejects.toThrow(PassphraseTooShortError);
    expect(await (await unlockDevice(around, PASSPHRASE)).state()).toEqual(before);
    await bound(station, session, { code, passphrase: HERS });
    const hers = await unlockDevice(around, HERS);
    expect((await hers.state()).enrolment?.person).toEqual(WANG_FANG);
    expect(await sync(hers, station.transport)).toEqual({ kind: "done", sent: 0 });
    expect(await addresses(hers)).toEqual(["一"]);
    expect(station.devices.size).toBe(2);
  });

  it("opens by nothing of the first one's, be it copied before", async () => {
    const session = await enrolled(station, around);
    const secret = random(32);
    await addSecret(around, PASSPHRASE, { secret, hint: { credential: "c" } });
    await bound(station, session, theirs());
    await expect(unlockDevice(around, PASSPHRASE)).rejects.toThrow(WrongPassphraseError);
    await expect(unlockBySecret(around, secret)).rejects.toThrow(WrongPassphraseError);
    expect(await otherOpener(around)).toBeNull();
    // The data key is another one too: a tab that was open, or a copy of the key, reads nothing.
    const tab = new Session(around, session.deviceId, session.data, session.signing);
    await expect(tab.state()).rejects.toThrow(OtherDeviceError);
  });

  it("goes on, should such a tab still keep a form", async () => {
    const session = await enrolled(station, around);
    const again = await bound(station, session, theirs());
    await keepNote(session, editForm("household", "a"), { said: {}, base: {}, version: "" });
    expect(await sync(again, station.transport)).toEqual({ kind: "done", sent: 0 });
    expect(await formsOf(again)).toEqual([]);
    expect(await formsKept(around.store)).toBe(0);
  });

  it("opens by the same secrets as before where it is the same person's", async () => {
    const session = await enrolled(station, around);
    const secret = random(32);
    await addSecret(around, PASSPHRASE, { secret, hint: { credential: "c" } });
    const again = await bound(station, session, { passphrase: HERS });
    expect((await unlockDevice(around, PASSPHRASE)).deviceId).toBe(again.deviceId);
    expect((await unlockBySecret(around, secret)).deviceId).toBe(again.deviceId);
  });

  it("remembers what was remembered where it is the same person's", async () => {
    const session = await enrolled(station, around);
    await keepNote(session, "recent", { information: "road" });
    expect(await noteOf(await bound(station, session), "recent")).toEqual({ information: "road" });
  });

  it("is refused as well where it was withdrawn, until all is handed over", async () => {
    const session = await enrolled(station, around);
    const visit = await startVisit(session, { village_code: VILLAGE, staff_id: "s" });
    await withdraw(session);
    await expect(bound(station, session, theirs())).rejects.toThrow(OtherPersonError);
    await finishVisit(session, visit);
    await expect(bound(station, session, theirs())).rejects.toThrow(OtherPersonError);
    expect(await (await bound(station, session)).state()).toMatchObject({ made: 1 });
  });
});
