// Rows fetched while the device is still locked are those that are there once it is open.

import { describe, expect, it, vi } from "vitest";
import { unlockDevice } from "../../src/core/device";
import { readAhead, storedRows } from "../../src/core/stored";
import { sync } from "../../src/core/syncing";
import { enrolled, PASSPHRASE, surroundings } from "../devices";
import { addresses, household, VILLAGE } from "../exchanges";
import { type ScopeChange, Station } from "../station";

async function phone() {
  const station = await Station.open();
  const changes: ScopeChange[] = [household("a", "一"), household("b", "二")];
  station.scopes.set(VILLAGE, { epoch: "a", changes });
  const around = surroundings();
  const session = await enrolled(station, around);
  await sync(session, station.transport);
  return { station, changes, around, session };
}

describe("rows fetched ahead", () => {
  it("are given once, and read by nobody a second time", async () => {
    const { around } = await phone();
    await readAhead(around.store, ["household"]);
    const read = vi.spyOn(around.store.base, "where");
    const session = await unlockDevice(around, PASSPHRASE);
    const all = [addresses(session), addresses(session)];
    expect(await Promise.all(all)).toEqual([["一", "二"], ["一", "二"]]);
    expect(read).not.toHaveBeenCalled();
    const [held] = await around.store.scopes.toArray();
    expect(held && (await storedRows(around.store, held, "household"))).toHaveLength(2);
    expect(read).toHaveBeenCalledOnce();
    read.mockRestore();
  });

  it("are not given for rows that have changed since", async () => {
    const { station, changes, around, session } = await phone();
    await readAhead(around.store, ["household"]);
    changes.push(household("a", "一改", "2"));
    await sync(session, station.transport);
    expect(await addresses(await unlockDevice(around, PASSPHRASE))).toEqual(["一改", "二"]);
  });

  it("are not given where the same was pulled anew, under another key", async () => {
    const { station, around, session } = await phone();
    await readAhead(around.store, ["household"]);
    await around.store.scopes.delete(VILLAGE);
    await sync(session, station.transport);
    expect(await addresses(await unlockDevice(around, PASSPHRASE))).toEqual(["一", "二"]);
  });
});
