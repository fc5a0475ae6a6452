// What is taken out of many rows once: right, sealed, not taken out twice, gone with its scope.

import { describe, expect, it, vi } from "vitest";
import { unlockDevice } from "../../src/core/device";
import { type Picking, picksOf, viewPicked } from "../../src/core/picks";
import { record } from "../../src/core/recording";
import { Sealer } from "../../src/core/sealing";
import type { Session } from "../../src/core/session";
import { sync } from "../../src/core/syncing";
import { enrolled, PASSPHRASE, surroundings } from "../devices";
import { HOUR, VILLAGE } from "../exchanges";
import { type ScopeChange, Station } from "../station";

const DAYS: Picking = {
  type: "record",
  name: "days",
  pick: ({ kind, day, state }) => (kind === "village_visit" ? { day, state } : null),
};

function work(id: string, day: string, version = "1"): ScopeChange {
  return { row: "record", id, version, kind: "village_visit", state: "valid", day };
}

async function phone() {
  const station = await Station.open();
  const changes: ScopeChange[] = [work("a", "2026-11-01"), work("b", "2026-11-02")];
  changes.push({ row: "record", id: "c", version: "1", kind: "information", day: "2026-11-03" });
  station.scopes.set(VILLAGE, { epoch: "a", changes });
  const around = surroundings();
  const session = await enrolled(station, around);
  await sync(session, station.transport);
  return { station, changes, around, session };
}

async function days(session: Session): Promise<unknown[]> {
  return [...(await viewPicked(session, DAYS)).values()].map(({ fields }) => fields["day"]).sort();
}

/** How many sealed things are opened meanwhile. */
async function openings(work: () => Promise<unknown>): Promise<number> {
  const open = vi.spyOn(Sealer.prototype, "open");
  await work();
  const count = open.mock.calls.filter(([place]) => place.startsWith("row/")).length;
  open.mockRestore();
  return count;
}

describe("what is taken out of rows", () => {
  it("is what the rows say, and is kept sealed", async () => {
    const { session, around } = await phone();
    expect(await days(session)).toEqual(["2026-11-01", "2026-11-02"]);
    const notes = await around.store.notes.toArray();
    expect(notes.map(({ id }) => id)).toEqual([`picked/${VILLAGE}/record/days`]);
    expect(new TextDecoder().decode(notes[0]?.sealed)).not.toContain("2026-11");
  });

  it("is taken out of changed rows only, also after the phone was locked", async () => {
    const { station, changes, session, around } = await phone();
    expect(await openings(() => days(session))).toBe(3);
    const again = await unlockDevice(around, PASSPHRASE);
    expect(await openings(() => days(again))).toBe(0);
    changes.push(work("b", "2026-11-12", "2"), { ...work("a", ""), gone: true });
    await sync(again, station.transport);
    expect(await openings(async () => expect(await days(again)).toEqual(["2026-11-12"]))).toBe(1);
  });

  it("has what was recorded here over it", async () => {
    const { session } = await phone();
    await record(session, "withdrawal", { record_id: "a", reason: "误记" });
    const shown = await viewPicked(session, DAYS);
    expect(shown.get("a")?.fields).toMatchObject({ state: "withdrawn", day: "2026-11-01" });
    expect(shown.get("b")?.fields).toMatchObject({ state: "valid" });
  });

  it("is not shown once the lease has ended", async () => {
    const { session, around } = await phone();
    await days(session);
    around.clock.pass(73 * HOUR);
    expect(await days(session)).toEqual([]);
  });

  it("goes with its scope, and is made anew where that comes back under another key", async () => {
    const { station, changes, session, around } = await phone();
    await days(session);
    const kept = await around.store.notes.toArray();
    station.scopes.delete(VILLAGE);
    await sync(session, station.transport);
    expect(await around.store.notes.count()).toBe(0);
    station.scopes.set(VILLAGE, { epoch: "b", changes });
    await sync(session, station.transport);
    // As a copy of the store that somebody put back: the old key does not open it.
    await around.store.notes.bulkPut(kept);
    expect(await days(session)).toEqual(["2026-11-01", "2026-11-02"]);
    expect(await picksOf(session, DAYS, [])).toEqual([]);
  });
});
