import { expect, it } from "vitest";
import { beaconOf } from "../../src/core/beacon";
import { withdraw } from "../../src/core/leaving";
import { record } from "../../src/core/recording";
import { enrolled, newSession } from "../devices";
import { Station } from "../station";

it("says how much was made, and nothing of what it is", async () => {
  const session = await enrolled(await Station.open());
  await record(session, "work_record", { log: "巡村" });
  const state = await session.state();
  const said = beaconOf(session.deviceId, state);
  expect(JSON.parse(said?.body ?? "")).toEqual({ made: 1, head: state.head });
  expect(said?.headers["Authorization"]).toBe(`Device ${session.deviceId}.token`);
});

it("is silent for a device that is nobody's", async () => {
  const fresh = await newSession();
  expect(beaconOf(fresh.deviceId, await fresh.state())).toBeNull();
  const session = await enrolled(await Station.open());
  await withdraw(session);
  expect(beaconOf(session.deviceId, await session.state())).toBeNull();
});
