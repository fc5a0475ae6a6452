import { describe, expect, it } from "vitest";
import { noteClock, unlockDevice } from "../../src/core/device";
import { clockOff, type Contact, latestKnown, Watch } from "../../src/core/lease";
import { sync } from "../../src/core/syncing";
import { enrolled, HandClock, PASSPHRASE, surroundings } from "../devices";
import { Station } from "../station";

const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;

function contact(clock: HandClock): Contact {
  return { at: 0, until: 72 * HOUR, wall: clock.wall, seen: clock.wall, passed: 0 };
}

describe("a lease", () => {
  it("is none before the first contact", () => {
    expect(new Watch(new HandClock()).lease(null)).toBe("none");
  });

  it("ends after its time", () => {
    const clock = new HandClock();
    const [watch, last] = [new Watch(clock), contact(clock)];
    clock.pass(72 * HOUR - 1);
    expect(watch.lease(last)).toBe("open");
    clock.pass(1);
    expect(watch.lease(last)).toBe("ended");
  });

  it("is not lengthened by setting the clock back while the program runs", () => {
    const clock = new HandClock();
    const [watch, last] = [new Watch(clock), contact(clock)];
    clock.pass(72 * HOUR);
    clock.wall = last.wall;
    expect(watch.lease(last)).toBe("ended");
  });

  it("is not lengthened by setting it back before the program begins", () => {
    const clock = new HandClock();
    const known = { ...contact(clock), seen: clock.wall + 71 * HOUR, passed: 71 * HOUR };
    expect(new Watch(clock).lease(known)).toBe("clock");
    clock.wall += 71 * HOUR - 60_000;
    expect(new Watch(clock).lease(known)).toBe("open");
    clock.wall += HOUR + 60_000;
    expect(new Watch(clock).lease(known)).toBe("ended");
  });

  it("ends where the clock is a year ahead, and is open again after a contact", () => {
    const clock = new HandClock();
    const [watch, last] = [new Watch(clock), contact(clock)];
    clock.wall += YEAR;
    expect(watch.lease(last)).toBe("ended");
    expect(watch.lease(contact(clock))).toBe("open");
  });

  it("remembers over a restart how much time has passed", async () => {
    const around = surroundings();
    const session = await enrolled(await Station.open(), around);
    expect(await session.lease()).toBe("open");
    around.clock.pass(71 * HOUR);
    await noteClock(await unlockDevice(around, PASSPHRASE));
    around.clock.wall -= 71 * HOUR;
    around.clock.run = 0;
    expect(await (await unlockDevice(around, PASSPHRASE)).lease()).toBe("clock");
    around.clock.wall += 73 * HOUR;
    expect(await (await unlockDevice(around, PASSPHRASE)).lease()).toBe("ended");
  });
});

describe("a clock", () => {
  const MINUTE = 60_000;

  /** Enrolled and synced with a clock that is so far ahead of the station's; what is said of it then. */
  async function off(ahead: number, took = 0): Promise<number> {
    const [station, around] = [await Station.open(), surroundings()];
    const session = await enrolled(station, around);
    around.clock.wall = station.time + ahead;
    await sync(session, async (request) => {
      const answer = await station.answer(request);
      around.clock.pass(took);
      return answer;
    });
    return clockOff((await session.state()).contact);
  }

  it.each([
    [0, 0],
    [2 * MINUTE, 0],
    [-10 * MINUTE, 0],
    // A visit sent at once would be refused; not yet by the server's limit, but before it.
    [3 * MINUTE, 3 * MINUTE],
    [-11 * MINUTE, -11 * MINUTE],
    [-6 * 24 * HOUR, -6 * 24 * HOUR],
  ])("%d ms ahead of the server's is spoken of as %d", async (ahead, said) => {
    expect(await off(ahead)).toBe(said);
  });

  it("is not called wrong because an answer took long to come", async () => {
    expect(await off(0, 30 * MINUTE)).toBe(0);
    expect(await off(-11 * MINUTE, 5 * MINUTE)).toBe(0);
    expect(await off(40 * MINUTE, 5 * MINUTE)).toBe(40 * MINUTE);
  });

  it("that was set right is not spoken of after the next contact, nor is one nobody has compared", async () => {
    const [station, around] = [await Station.open(), surroundings()];
    const session = await enrolled(station, around);
    around.clock.wall -= 24 * HOUR;
    await sync(session, station.transport);
    around.clock.wall += 24 * HOUR;
    await sync(session, station.transport);
    expect(clockOff((await session.state()).contact)).toBe(0);
    expect(clockOff(null)).toBe(0);
  });

  it.each([
    ["runs on", (_: HandClock) => undefined, 7 * MINUTE],
    ["was set right while the program ran", (clock: HandClock) => (clock.wall -= 7 * MINUTE), 0],
    ["was set right a little", (clock: HandClock) => (clock.wall -= 3 * MINUTE), 4 * MINUTE],
    ["was set back too far", (clock: HandClock) => (clock.wall -= HOUR), 0],
    // It may have slept meanwhile: nothing is known but what the clock shows.
    ["shows more than has run", (clock: HandClock) => (clock.wall += HOUR), 7 * MINUTE],
  ])("that was ahead at the contact and %s is known to be ahead by that", (_, then, ahead) => {
    const clock = new HandClock();
    const last = { ...contact(clock), at: clock.wall - 7 * MINUTE };
    const watch = new Watch(clock);
    clock.pass(HOUR);
    then(clock);
    expect(watch.ahead(last)).toBe(ahead);
    expect(watch.ahead(null)).toBe(0);
  });

  it.each([
    ["right", 0, HOUR, HOUR],
    ["ahead by a day", 24 * HOUR, HOUR, HOUR],
    // Set right since, as far as anybody can tell: what it has shown is the latest.
    ["behind by six days, and set right since", -6 * 24 * HOUR, 6 * 24 * HOUR + HOUR, HOUR],
    ["behind by six days all along", -6 * 24 * HOUR, HOUR, 0],
  ])("that was %s at the contact, and went on for %d ms, tells what is past", (_, ahead, shown, past) => {
    const clock = new HandClock();
    const last = { ...contact(clock), at: clock.wall - ahead, seen: clock.wall + shown };
    expect(latestKnown(last) - last.at).toBe(past);
  });

  it("that was set right before the program began is known by what was noted", () => {
    const clock = new HandClock();
    const last = { ...contact(clock), at: clock.wall - 7 * MINUTE, passed: HOUR, seen: clock.wall + HOUR };
    clock.wall += HOUR - 6 * MINUTE;
    expect(new Watch(clock).ahead(last)).toBe(0);
  });
});
