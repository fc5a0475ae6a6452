// The device's clock. It orders nothing and proves nothing; it is kept beside what the server says.

export interface Clock {
  /** Milliseconds since 1970, whatever the device was set to. */
  now(): number;
  /** Milliseconds since the program began; nobody sets it. */
  elapsed(): number;
  /** Call back later; the answer calls it off. */
  after(milliseconds: number, then: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after: (milliseconds, then) => {
    const timer = setTimeout(then, milliseconds);
    return () => clearTimeout(timer);
  },
};

const SHANGHAI_MS = 8 * 3_600_000;
// What four digits of a year can say; clocks of broken phones go beyond.
const EARLIEST = Date.parse("1970-01-02T00:00:00Z");
const LATEST = Date.parse("9998-12-31T00:00:00Z");

/** A moment as the protocol writes it, in Asia/Shanghai. */
export function isoOf(milliseconds: number): string {
  const kept = Math.min(Math.max(Math.trunc(milliseconds), EARLIEST), LATEST);
  return new Date(kept + SHANGHAI_MS).toISOString().replace("Z", "+08:00");
}
