// Saying that nothing more is to come: a verdict of a month is unknown until the officer has said that
// all work up to the month's end is recorded. Only they know; what the phone has sent is another matter.

import { isoOf } from "../core/clock";
import { record, type Recorded } from "../core/recording";
import type { Session } from "../core/session";

/** The officer says that everything done so far is recorded. */
export function confirmSeen(session: Session): Promise<Recorded> {
  return record(session, "seen", { at: isoOf(session.clock.now()) });
}
