import { afterEach, expect, test, vi } from "vitest";
import { useNow } from "../../src/app/now";
import { screenOf } from "./page";

afterEach(() => {
  vi.useRealTimers();
});

test("a screen that stands for long shows the time as it goes on, and reads it anew when it counts", () => {
  vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval"] });
  vi.setSystemTime("2026-09-10T23:57:00+08:00");
  const { given, leave } = screenOf(useNow);
  const opened = given.now.value;
  vi.advanceTimersByTime(60_000);
  expect(given.now.value).toBe(opened + 60_000);
  vi.setSystemTime("2026-09-11T00:02:00+08:00");
  given.look();
  expect(given.now.value).toBe(Date.parse("2026-09-11T00:02:00+08:00"));
  leave();
  expect(vi.getTimerCount()).toBe(0);
});
