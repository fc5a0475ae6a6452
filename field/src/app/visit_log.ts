// What is written ahead into the log of a visit under way. The form that ends the visit begins with it,
// so the officer reads it over before it is sent.

import { keepNote, noteOf } from "../core/notes";
import type { Session } from "../core/session";
import type { Write } from "../core/store";
import { LIMITS } from "./choices";

/** The name of the form that ends a visit. */
export function finishForm(visit: string): string {
  return `finish/${visit}`;
}

/** Write a line into the log of a visit, and `also` with it. Throws where there is no more room. */
export async function addToLog(
  session: Session,
  visit: string,
  line: string,
  also?: Write,
): Promise<void> {
  const kept = await noteOf<{ readonly log?: string }>(session, finishForm(visit));
  const log = [kept?.log ?? "", line].filter((one) => one !== "").join("\n");
  if (log.length > LIMITS.log) {
    throw new Error("工作日志写满了，请先结束这次进村。");
  }
  await keepNote(session, finishForm(visit), { ...kept, log }, also);
}
