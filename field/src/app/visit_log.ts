// What is written ahead into the log of a visit under way. The form that ends the visit begins with it,
// so the officer reads it over before it is sent.

import { keepNote, noteOf } from "../core/notes";
import type { Session } from "../core/session";
import { NO_WRITE, type Store, type Write } from "../core/store";
import { draftOf, NoDraftError, type VisitEnd } from "../core/visits";
import { LIMITS } from "./choices";

/** The name of the form that ends a visit. */
export function finishForm(visit: string): string {
  return `finish/${visit}`;
}

/** The log the end of a visit begins with: what a refused visit said, then what was written on the way. */
export function joinedLog(before: VisitEnd | undefined, written: string): string {
  return joined(before?.log ?? "", written);
}

/** Write a line into the log of a visit, and `also` with it. Throws where there is no more room, and
 * NoDraftError where the visit is no longer under way. */
export async function addToLog(
  session: Session,
  visit: string,
  line: string,
  also: Write = NO_WRITE,
): Promise<void> {
  const { before } = await draftOf(session, visit);
  const kept = await noteOf<{ readonly log?: string; readonly filled?: boolean }>(session, finishForm(visit));
  const log = joined(kept?.log ?? "", line);
  // Once the form was opened, its log has what was said before.
  const whole = kept?.filled ? log : joinedLog(before, log);
  if (whole.length > LIMITS.log) {
    throw new Error("工作日志写满了，请先结束这次进村。");
  }
  await keepNote(session, finishForm(visit), { ...kept, log }, async (store: Store) => {
    // It may have ended in another tab since.
    if ((await store.drafts.get(visit)) === undefined) {
      throw new NoDraftError(visit);
    }
    await also(store);
  });
}

function joined(...texts: readonly string[]): string {
  return texts.filter((text) => text !== "").join("\n");
}
