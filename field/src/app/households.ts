// Households to be called on: by group, priority, and how long nobody was there. Never by a name.

import { viewPicked } from "../core/picks";
import type { Session } from "../core/session";
import { type Shown, view } from "../core/view";
import { type Draft, draftsOf } from "../core/visits";
import { HOUSEHOLD_EDITORS } from "./choices";
import { dayOf } from "./format";
import { WORK } from "./work";

export interface Household {
  readonly id: string;
  readonly hamlet: string;
  readonly hamletName: string;
  readonly address: string;
  /** 0 to 3, as the station set it. */
  readonly priority: number;
  /** The day of one's own last call; empty where none is known. */
  readonly last: string;
}

/** The households of a village, those to be called on first in front. */
export async function householdsOf(session: Session, village: string): Promise<Household[]> {
  const [households, hamlets, records, drafts] = await Promise.all([
    view(session, "household"),
    view(session, "hamlet"),
    viewPicked(session, WORK),
    draftsOf(session),
  ]);
  const last = lastCalls([...recorded(records.values()), ...drafts.flatMap(underWay)]);
  return [...households.values()]
    .filter(({ fields }) => fields["village"] === village)
    .map(({ id, fields }) => ({
      id,
      hamlet: String(fields["hamlet"] ?? ""),
      hamletName: String(hamlets.get(String(fields["hamlet"]))?.fields["name"] ?? ""),
      address: String(fields["address"] ?? ""),
      priority: Number(fields["visit_priority"] ?? 0),
      last: last.get(id) ?? "",
    }))
    .sort(byNeed);
}

/** Whether the person of this phone serves the village today in a role that may correct households. */
export async function mayCorrect(session: Session, village: string): Promise<boolean> {
  const staff = (await session.state()).enrolment?.person.staff_id ?? null;
  const today = dayOf(session.clock.now());
  return [...(await view(session, "posting")).values()].some(
    ({ fields }) =>
      fields["village"] === village &&
      fields["staff"] === staff &&
      HOUSEHOLD_EDITORS.includes(String(fields["role"])) &&
      String(fields["valid_from"]) <= today &&
      (fields["valid_to"] === null || today < String(fields["valid_to"])),
  );
}

/** A household that was called on, and the day. */
type Call = readonly [household: string, day: string];

function recorded(records: Iterable<Shown>): Call[] {
  return [...records]
    .filter(({ fields }) => fields["kind"] === "household_visit" && fields["state"] === "valid")
    .map(({ fields }) => [String(fields["household"]), dayOf(String(fields["occurred_at"]))]);
}

/** The calls of a visit that has not ended, each on its own day: one that is mended is long over. */
function underWay({ calls, arrived_at }: Draft): Call[] {
  return calls.map((call) => [
    String(call["household_id"]),
    dayOf(String(call["occurred_at"] ?? arrived_at)),
  ]);
}

function lastCalls(calls: readonly Call[]): Map<string, string> {
  const last = new Map<string, string>();
  for (const [household, day] of calls) {
    if (day > (last.get(household) ?? "")) {
      last.set(household, day);
    }
  }
  return last;
}

const collator = new Intl.Collator("zh-CN", { numeric: true });

/** Higher priority first; then whoever was called on longest ago, or never; then by address. */
function byNeed(one: Household, other: Household): number {
  return (
    other.priority - one.priority ||
    one.last.localeCompare(other.last) ||
    collator.compare(one.hamletName, other.hamletName) ||
    collator.compare(one.address, other.address)
  );
}

/** Those of a group whose address holds the words. Empty: all. */
export function chosen(
  households: readonly Household[],
  { hamlet, words }: { readonly hamlet: string; readonly words: string },
): Household[] {
  const wanted = words.trim().toLowerCase();
  return households.filter(
    (one) =>
      (hamlet === "" || one.hamlet === hamlet) &&
      `${one.hamletName}${one.address}`.toLowerCase().includes(wanted),
  );
}
