// The place, taken once when a visit is saved, if the officer has allowed it. Never before, never again:
// nothing here watches.

import type { Position } from "../core/visits";

/** A save does not wait longer than this for a place. */
const PATIENCE_MS = 3_000;
const MOST_METRES = 100_000;

/** Where the phone is now; null where it does not say in time, or not closely enough. */
export function positionNow(): Promise<Position | null> {
  return new Promise((resolve) => {
    if (!("geolocation" in navigator)) {
      resolve(null);
      return;
    }
    // The browser's own limit does not count the time it asks for leave.
    const timer = setTimeout(() => resolve(null), PATIENCE_MS);
    const said = (value: Position | null): void => {
      clearTimeout(timer);
      resolve(value);
    };
    navigator.geolocation.getCurrentPosition(
      ({ coords: { longitude, latitude, accuracy } }) =>
        said(accuracy <= MOST_METRES ? { longitude, latitude, accuracy } : null),
      () => said(null),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 0 },
    );
  });
}
