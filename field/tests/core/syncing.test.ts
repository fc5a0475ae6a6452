import { describe, expect, it } from "vitest";
import { endedWithout, type Outcome, SyncTimer, waitAfter } from "../../src/core/syncing";
import { LostError } from "../../src/core/transport";
import { HandClock } from "../devices";

const DONE: Outcome = { kind: "done", sent: 0 };
const LOST: Outcome = { kind: "lost", error: new LostError("no answer") };

/** A timer over a clock, whose exchanges end as said, the last one for ever. */
function timer(...outcomes: Outcome[]) {
  const clock = new HandClock();
  const seen = { count: 0 };
  const exchange = (): Promise<Outcome> => {
    seen.count += 1;
    return Promise.resolve(outcomes[seen.count - 1] ?? outcomes.at(-1) ?? DONE);
  };
  return { clock, seen, timer: new SyncTimer(exchange, clock, () => 0) };
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}

/** How long it waits after each of so many exchanges. */
async function waits(clock: HandClock, turns: number): Promise<(number | undefined)[]> {
  const found = [];
  for (let turn = 0; turn < turns; turn += 1) {
    clock.pass(clock.next ?? 0);
    await settled();
    found.push(clock.next);
  }
  return found;
}

describe("the timer", () => {
  it("begins at once and goes on every five minutes", async () => {
    const { clock, seen, timer: one } = timer(DONE);
    one.start();
    clock.pass(0);
    await settled();
    expect([seen.count, clock.next]).toEqual([1, 300_000]);
    clock.pass(300_000);
    await settled();
    expect(seen.count).toBe(2);
  });

  it("tries ever more rarely while it fails, and as before once it is done", async () => {
    const { clock, timer: one } = timer(LOST, LOST, LOST, DONE);
    one.start();
    expect(await waits(clock, 4)).toEqual([5_000, 10_000, 20_000, 300_000]);
  });

  it("does not lose patience with a link that brings something on each time", async () => {
    const moved: Outcome = { ...LOST, moved: true };
    const { clock, timer: one } = timer(LOST, LOST, moved, moved, LOST);
    one.start();
    expect(await waits(clock, 5)).toEqual([5_000, 10_000, 5_000, 5_000, 10_000]);
  });

  it("tries a lost photo again soon once lines got through, and ever more rarely when it stays lost", async () => {
    const first = endedWithout({ moved: false }, { kind: "done", sent: 2 });
    const later = endedWithout({ moved: false }, DONE);
    const { clock, timer: one } = timer(LOST, LOST, LOST, first, later, later);
    one.start();
    expect(await waits(clock, 6)).toEqual([5_000, 10_000, 20_000, 5_000, 10_000, 20_000]);
    expect(endedWithout({ moved: true }, DONE)).toMatchObject({ kind: "lost", moved: true });
  });

  it("goes at once when asked, whatever has failed before", async () => {
    const { clock, seen, timer: one } = timer(LOST, DONE);
    one.start();
    clock.pass(0);
    await settled();
    expect(await one.now()).toEqual(DONE);
    expect([seen.count, clock.next]).toEqual([2, 300_000]);
  });

  it("goes soon after a save, also one made while it was under way", async () => {
    const { clock, seen, timer: one } = timer(DONE);
    one.start();
    clock.pass(0);
    one.soon();
    await settled();
    expect([seen.count, clock.next]).toEqual([1, 2_000]);
    one.soon();
    expect(clock.next).toBe(2_000);
  });

  it("does not hurry for a save while it fails", async () => {
    const { clock, timer: one } = timer(LOST);
    one.start();
    clock.pass(0);
    await settled();
    one.soon();
    expect(clock.next).toBe(5_000);
  });

  it("never runs two exchanges at once", async () => {
    const { seen, timer: one } = timer(DONE);
    await Promise.all([one.now(), one.now()]);
    expect(seen.count).toBe(1);
  });

  it("stops when told", async () => {
    const { clock, seen, timer: one } = timer(DONE);
    one.start();
    one.stop();
    clock.pass(600_000);
    await settled();
    expect([seen.count, clock.next]).toEqual([0, undefined]);
  });
});

describe("the wait after failures", () => {
  it("doubles up to a quarter of an hour, half of it left to chance", () => {
    expect([1, 2, 3, 9, 60].map((failures) => waitAfter(failures, 0))).toEqual([
      5_000, 10_000, 20_000, 900_000, 900_000,
    ]);
    expect(waitAfter(60, 1)).toBe(450_000);
  });
});
