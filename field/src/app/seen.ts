// Telling the server that nothing more is to come: a verdict of a month is unknown until it knows that
// all work up to the month's end has been recorded.

import { isoOf } from "../core/clock";
import { keepNote, noteOf } from "../core/notes";
import { record } from "../core/recording";
import type { Session } from "../core/session";
import { draftsOf } from "../core/visits";
import { dayOf } from "./format";

const NOTE = "seen-on";

/** Once a day, where no visit is under way: everything done so far is recorded. */
export async function confirmSeen(session: Session): Promise<void> {
  const { status } = await session.state();
  const now = isoOf(session.clock.now());
  const today = dayOf(now);
  if (
    status !== "enrolled" ||
    (await noteOf<string>(session, NOTE)) === today ||
    (await draftsOf(session)).length > 0
  ) {
    return;
  }
  await record(session, "seen", { at: now });
  await keepNote(session, NOTE, today);
}
