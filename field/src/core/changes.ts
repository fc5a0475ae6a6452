// Changing what the station also may change: a household's address, an open matter's words. Each
// field is sent with the value it was changed from, so that the server can merge.

import type { Body, MutationType } from "./protocol";
import { record, type Recorded } from "./recording";
import type { Session } from "./session";
import { NO_WRITE, type Write } from "./store";
import { SAID_AS, type Shown, view } from "./view";

/** The row is not here, or the lease has ended: there is nothing to change from. */
export class NotHereError extends Error {}
/** Every field is as it was. */
export class NothingChangedError extends Error {}

export interface HouseholdEdit {
  readonly address?: string;
  /** Id of a hamlet of the village, or none. */
  readonly hamlet?: string | null;
  readonly visit_priority?: number;
}

export interface MatterEdit {
  readonly place?: string;
  readonly summary?: string;
  readonly subkind?: string;
}

/** Record a change of a household's address, hamlet or priority, against the row as it was shown:
 * what a pull has brought meanwhile nobody has looked at. `also` is written with it. */
export function changeHousehold(
  session: Session,
  id: string,
  edit: HouseholdEdit,
  shown?: Shown,
  also: Write = NO_WRITE,
): Promise<Recorded> {
  return change(session, "household_change", ["household", id], { ...edit }, { shown, also });
}

/** Record a change of an open matter's place, summary or subkind, in the same way. */
export function changeMatter(
  session: Session,
  id: string,
  edit: MatterEdit,
  shown?: Shown,
  also: Write = NO_WRITE,
): Promise<Recorded> {
  return change(session, "matter_change", ["matter", id], { ...edit }, { shown, also });
}

/** Record how something came about, in answer to a question about one's own record. */
export function answerQuestion(
  session: Session,
  id: string,
  text: string,
  also: Write = NO_WRITE,
): Promise<Recorded> {
  const answer = async (): Promise<Body> => {
    const row = (await view(session, "question")).get(id);
    if (row === undefined) {
      throw new NotHereError(`question ${id}`);
    }
    return { village_code: row.fields["village"], question_id: id, text };
  };
  return record(session, "answer", answer, also);
}

function change(
  session: Session,
  type: MutationType,
  [rowType, id]: [string, string],
  edit: Body,
  { shown, also }: { readonly shown: Shown | undefined; readonly also: Write },
): Promise<Recorded> {
  const edited = async (): Promise<Body> => {
    const here = (await view(session, rowType)).get(id);
    if (here === undefined) {
      throw new NotHereError(`${rowType} ${id}`);
    }
    const row = shown ?? here;
    const fields = editsOf(row, edit);
    if (Object.keys(fields).length === 0) {
      throw new NothingChangedError(`${rowType} ${id}`);
    }
    const where = { village_code: row.fields["village"], [`${rowType}_id`]: id };
    return { ...where, base_version: row.version ?? "", fields };
  };
  return record(session, type, edited, also);
}

function editsOf(row: Shown, edit: Body): Record<string, Body> {
  const changed = Object.entries(edit).filter(
    ([name, to]) => to !== undefined && to !== (row.fields[name] ?? null),
  );
  return Object.fromEntries(
    changed.map(([name, to]) => [SAID_AS[name] ?? name, { from: row.fields[name] ?? null, to }]),
  );
}
