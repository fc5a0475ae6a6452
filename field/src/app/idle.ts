// Locks the device when nobody has touched it for a while, also when the page slept meanwhile.

import { watch } from "vue";
import { lock, useSession } from "./session";
import { settings } from "./settings";

const LOOK_MS = 5_000;
const MINUTE_MS = 60_000;
const TOUCHES = ["pointerdown", "keydown", "wheel", "touchmove", "input"] as const;

export interface Times {
  /** The phone's clock, which goes on while the page sleeps, and may be set. */
  readonly wall: number;
  /** The page's own time, which nobody sets, and which may stand still while it sleeps. */
  readonly run: number;
}

export function timesNow(): Times {
  return { wall: Date.now(), run: performance.now() };
}

/** Whether so long has passed by either of the two; a clock set back is no touch. */
export function idleFor(last: Times, now: Times, milliseconds: number): boolean {
  return now.wall - last.wall >= milliseconds || now.run - last.run >= milliseconds;
}

export function lockWhenIdle(): void {
  let last = timesNow();
  const { phase } = useSession();
  const touched = (): void => {
    last = timesNow();
  };
  const look = (): void => {
    const due = idleFor(last, timesNow(), settings.lockMinutes * MINUTE_MS);
    if (phase.value === "open" && due) {
      lock();
    }
  };
  for (const name of TOUCHES) {
    // Before the screens: a touch after the time must not count as one, so look first.
    addEventListener(name, () => (look(), touched()), { capture: true, passive: true });
  }
  document.addEventListener("visibilitychange", look);
  watch(phase, touched);
  setInterval(look, LOOK_MS);
}
