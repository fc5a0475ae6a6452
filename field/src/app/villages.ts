// What is asked of a village's rows.

import type { Session } from "../core/session";
import { view } from "../core/view";
import { dayOf } from "./format";

/** The latest day of a visit to each village, by its code. */
export async function lastVisits(session: Session): Promise<Map<string, string>> {
  const days = new Map<string, string>();
  for (const { fields } of (await view(session, "record")).values()) {
    if (fields["kind"] === "village_visit" && fields["state"] === "valid") {
      const code = String(fields["village"]);
      const day = dayOf(String(fields["occurred_at"]));
      if (day > (days.get(code) ?? "")) {
        days.set(code, day);
      }
    }
  }
  return days;
}
