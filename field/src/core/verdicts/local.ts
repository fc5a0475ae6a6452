// What this phone knows beyond the server's state: work recorded here and not yet pulled, and what
// was corrected or withdrawn here.

import { pendingOf } from "../outbox";
import type { Body } from "../protocol";
import { rowsOf } from "../rows";
import type { Session } from "../session";
import { type Shown, view } from "../view";
import type { Unsent, Work } from "./credit";
import { dayOf } from "./periods";

/** A record as the rules look at it. All records of a device are its own person's. */
export function workOf(id: string, fields: Body, staff: string | null): Work {
  const details = (fields["details"] ?? {}) as Body;
  return {
    kind: textOf(fields["kind"]) ?? "",
    subkind: textOf(fields["subkind"]),
    village_code: textOf(fields["village"]),
    staff_id: staff,
    local_date: dayOfRecord(fields),
    object_id: textOf(fields["household"]),
    log_id: textOf(details["log"]) === null ? null : id,
    unit_code: textOf(fields["unit"]),
  };
}

/** The day a record belongs to; of one recorded here the server has not said it yet. */
export function dayOfRecord(fields: Body): string {
  return textOf(fields["day"]) ?? dayOf(Date.parse(String(fields["occurred_at"])));
}

/** The records as they are shown, and what they add to the pulled state or take from it. */
export interface Known {
  readonly records: ReadonlyMap<string, Shown>;
  readonly unsent: Unsent;
}

export async function knownOf(session: Session): Promise<Known> {
  const { enrolment } = await session.state();
  const staff = enrolment?.person.staff_id ?? null;
  const readable = (await session.lease()) === "open";
  const pulled = readable ? await rowsOf(session, "record") : [];
  const before = new Map(pulled.map((row): [string, Body] => [row.id, row]));
  const records = await view(session, "record");
  const added: Work[] = [];
  const removed: Work[] = [];
  for (const { id, fields, pending } of records.values()) {
    const was = before.get(id);
    if (pending && was?.["state"] === "valid") {
      removed.push(workOf(id, was, staff));
    }
    if (pending && fields["state"] === "valid") {
      added.push(workOf(id, fields, staff));
    }
  }
  return { records, unsent: { added, removed, synced: await confirmed(session) } };
}

/** Until when the officer has said, here, that everything is recorded; milliseconds. */
async function confirmed(session: Session): Promise<number | null> {
  const said = (await pendingOf(session)).flatMap(({ mutation }) =>
    mutation?.type === "seen" ? [Date.parse(String(mutation.body["at"]))] : [],
  );
  return said.length > 0 ? Math.max(...said) : null;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
