// How many lines one push carries. A link that loses a large push may carry a small one, so each push
// that was lost halves the next, and each that got through doubles it again.

import { MOST_LINES } from "./protocol";
import type { Session } from "./session";
import type { Store } from "./store";

/** What the link carries belongs to where the phone is: locking the device does not change it. */
const amounts = new WeakMap<Store, number>();

export function amountOf({ store }: Session): number {
  return amounts.get(store) ?? MOST_LINES;
}

/** A push of so many lines did not get through. */
export function carryLess({ store }: Session, lines: number): void {
  amounts.set(store, Math.max(1, Math.floor(lines / 2)));
}

/** A push got through. */
export function carryMore(session: Session): void {
  amounts.set(session.store, Math.min(MOST_LINES, 2 * amountOf(session)));
}
