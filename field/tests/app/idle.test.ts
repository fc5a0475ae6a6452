import { expect, test } from "vitest";
import { idleFor } from "../../src/app/idle";

const FIVE = 5 * 60_000;
const START = { wall: 1_000_000, run: 5_000 };

test.each([
  ["nothing passed", 0, 0, false],
  ["almost", FIVE - 1, FIVE - 1, false],
  ["all of it", FIVE, FIVE, true],
  ["the page slept: only the clock went on", FIVE, 10, true],
  ["the clock was set back meanwhile", -3_600_000, FIVE, true],
])("%s", (_, wall, run, due) => {
  const now = { wall: START.wall + wall, run: START.run + run };
  expect(idleFor(START, now, FIVE)).toBe(due);
});
