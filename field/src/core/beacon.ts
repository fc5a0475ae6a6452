// What a phone says when its page is left: how much it has made. Made of what is in memory, since a page
// that goes has no time to open anything.

import type { State } from "./session";

export interface Beacon {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What to say; null for a device that is nobody's. */
export function beaconOf(deviceId: string, state: State): Beacon | null {
  if (state.enrolment === null || state.status === "revoked") {
    return null;
  }
  return {
    headers: {
      Authorization: `Device ${deviceId}.${state.enrolment.token}`,
      "Content-Type": "application/json",
    },
    body: JSON.stringify({ made: state.made, head: state.head }),
  };
}
