// What this phone knows beyond the server's state: work recorded here and not yet pulled, and what
// was corrected or withdrawn here.

import { momentOf } from "../moment";
import { mutationsIn } from "../outbox";
import type { Body, Mutation, Row } from "../protocol";
import { rowsById, rowsOf } from "../rows";
import type { Session } from "../session";
import { madeBy, over } from "../view";
import type { Unsent, Work } from "./credit";
import { dayOf } from "./periods";

const RECORD = "record";

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

/** What the lines that no pull has brought yet add to the server's states or take from them. */
export async function unsentOf(session: Session): Promise<Unsent> {
  const { state, pending: lines } = await momentOf(session);
  const pending = await mutationsIn(session, lines);
  const staff = state.enrolment?.person.staff_id ?? null;
  const readable = session.watch.lease(state.contact) === "open";
  const pulled = readable ? await touchedBy(session, pending) : [];
  const before = new Map(pulled.map((row): [string, Body] => [row.id, row]));
  const added: Work[] = [];
  const removed: Work[] = [];
  for (const { id, fields, pending: changed } of over(pulled, RECORD, pending).values()) {
    const was = before.get(id);
    if (changed && was?.["state"] === "valid") {
      removed.push(workOf(id, was, staff));
    }
    if (changed && fields["state"] === "valid") {
      added.push(workOf(id, fields, staff));
    }
  }
  return { added, removed, synced: confirmed(pending) };
}

/** The pulled records that these lines speak of. Parts of a withdrawn visit are found by looking
 * through all. */
function touchedBy(session: Session, pending: readonly Mutation[]): Promise<Row[]> {
  if (pending.some(({ type, body }) => type === "withdrawal" && body["with_parts"] === true)) {
    return rowsOf(session, RECORD);
  }
  const made = pending.flatMap(madeBy).filter(({ type }) => type === RECORD);
  return rowsById(session, RECORD, [...new Set(made.map(({ id }) => id))]);
}

/** Until when the officer has said, here, that everything is recorded; milliseconds. */
function confirmed(pending: readonly Mutation[]): number | null {
  const said = pending
    .filter(({ type }) => type === "seen")
    .map(({ body }) => Date.parse(String(body["at"])));
  return said.length > 0 ? Math.max(...said) : null;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
