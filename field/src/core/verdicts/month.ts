// My month: the verdicts on one's own postings as the server would give them, had it received what
// stands on this phone.

import { momentOf } from "../moment";
import type { Row } from "../protocol";
import { rowsOf } from "../rows";
import type { Session, State } from "../session";
import type { Shown } from "../view";
import { credited } from "./credit";
import { type Verdict, verdictsOf } from "./judge";
import { dayOfRecord, unsentOf, workOf } from "./local";
import { dayOf } from "./periods";
import type { RuleTable, Standing } from "./table";
import { daysLeft } from "./wording";

export interface Month {
  /** Of all postings and periods that the server has sent. */
  readonly verdicts: readonly Verdict[];
  /** The moment it was judged from, as far as this phone can tell; milliseconds. */
  readonly at: number;
  /** Until when the officer has said that all their work is recorded; null: they have not. */
  readonly synced: number | null;
}

export async function monthOf(session: Session): Promise<Month> {
  const [{ state, scopes }, unsent] = await Promise.all([momentOf(session), unsentOf(session)]);
  const at = timeAt(session, state);
  const readable = session.watch.lease(state.contact) === "open";
  const read = (type: string): Promise<Row[]> =>
    readable ? rowsOf(session, type, scopes) : Promise.resolve([]);
  const [standings, rulings] = await Promise.all([read("standing"), read("rules")]);
  const rules = new Map(rulings.map((row): [string, Row] => [row.id, row]));
  const verdicts = standings.flatMap((row) => {
    const tables = (rules.get(row.id)?.["tables"] ?? []) as readonly RuleTable[];
    return verdictsOf(row as unknown as Standing, tables, unsent, at);
  });
  const said = standings.map((row) => Date.parse(String(row["synced_at"])));
  const known = [...said, unsent.synced ?? Number.NaN].filter((moment) => !Number.isNaN(moment));
  return { verdicts: verdicts.filter(shown), at, synced: known.length > 0 ? Math.max(...known) : null };
}

/** What looks at one day is shown month by month. */
function shown({ rule, period }: Verdict): boolean {
  return rule.period !== null || period.kind === "month";
}

/** The server's time, as far as it is known: no setting of this phone's clock brings a period back. */
function timeAt(session: Session, { contact }: State): number {
  if (contact === null) {
    return session.clock.now();
  }
  const { at, passed } = session.watch.look(contact);
  return at + passed;
}

/** The verdicts of the periods that run on a day. */
export function running(month: Month): Verdict[] {
  const today = dayOf(month.at);
  return month.verdicts.filter(({ period }) => period.from <= today && today < period.to);
}

/** What is still to be done, the most pressing first: until when, then village and rule. */
export function due(month: Month): Verdict[] {
  const open = month.verdicts.filter(
    ({ verdict, rule }) => verdict === "not_due" || (verdict === "unknown" && rule.operator === ">="),
  );
  const begun = open.filter(({ period }) => period.from <= dayOf(month.at));
  return begun.sort(
    (one, other) =>
      daysLeft(one) - daysLeft(other) ||
      one.standing.village.localeCompare(other.standing.village) ||
      one.rule.id.localeCompare(other.rule.id),
  );
}

/** The records a verdict counts, the latest day first; those of this phone alone are `pending`. */
export function countedBy(verdict: Verdict, records: ReadonlyMap<string, Shown>): Shown[] {
  const { rule, standing, period } = verdict;
  const counted = [...records.values()].filter(
    ({ id, fields }) =>
      fields["state"] === "valid" &&
      credited(rule, standing, period, workOf(id, fields, standing.staff)),
  );
  return counted.sort((one, other) => dayOfRecord(other.fields).localeCompare(dayOfRecord(one.fields)));
}
