// What is asked of the villages: their names, also while pulled data is locked, and the last visits.

import { onBeforeUnmount, type Ref, shallowRef, watch } from "vue";
import { momentOf } from "../core/moment";
import { keepNote, noteOf } from "../core/notes";
import type { Session } from "../core/session";
import { mutationsIn } from "../core/outbox";
import { picksOf } from "../core/picks";
import type { Mutation } from "../core/protocol";
import { standOf } from "../core/stored";
import { over, type Shown, view } from "../core/view";
import { dayOf } from "./format";
import { idle } from "./pause";
import { useRead } from "./rows";
import { opened, useSession } from "./session";
import { WORK } from "./work";

const NOTE = "village-names";

export interface KnownVillage {
  readonly code: string;
  readonly name: string;
}

/** The villages of this phone by code. Names are public, so they outlive the lease: without them
 * nobody could choose where a new record belongs. A village that was taken away is not among them. */
export async function knownVillages(session: Session): Promise<KnownVillage[]> {
  const rows = [...(await view(session, "village")).values()];
  if (rows.length > 0) {
    const named = rows.map(({ id, fields }) => ({ code: id, name: String(fields["name"] ?? id) }));
    // Nobody waits for it; on a full phone it is not done.
    void keepNames(session, named).catch(() => keptNames.delete(session));
    return named.sort(byCode);
  }
  const kept = (await noteOf<KnownVillage[]>(session, NOTE)) ?? [];
  const scopes = new Set((await session.store.scopes.toArray()).map(({ scope }) => scope));
  return kept.filter(({ code }) => scopes.has(code)).sort(byCode);
}

/** The names as they were kept last while the device is open. */
const keptNames = new WeakMap<Session, string>();

async function keepNames(session: Session, villages: readonly KnownVillage[]): Promise<void> {
  const said = JSON.stringify(villages);
  if (keptNames.get(session) === said) {
    return;
  }
  keptNames.set(session, said);
  if (JSON.stringify(await noteOf(session, NOTE)) !== said) {
    await keepNote(session, NOTE, villages);
  }
}

function byCode(one: KnownVillage, other: KnownVillage): number {
  return one.code.localeCompare(other.code);
}

export function useVillages(): Ref<KnownVillage[] | undefined> {
  return useRead(knownVillages);
}

/** A village's name by its code. */
export function useVillageNames(): (code: string) => string {
  const known = useVillages();
  return (code) => known.value?.find((one) => one.code === code)?.name ?? code;
}

/** The latest day of one's own visit to each village, by its code. */
export type LastVisits = ReadonlyMap<string, string>;

/** What the pulled records come to, and where they stood then. */
interface KeptVisits {
  readonly stamp: string;
  readonly days: readonly [string, string][];
}

const LAST_VISITS = "last-visits";

/** The last visits: at once as they were known last. Records are opened only where they have changed
 * since, and when the page has nothing better to do: opening every one would keep an officer waiting
 * who only wants to go on. */
export function useLastVisits(): Ref<LastVisits | undefined> {
  const shown = shallowRef<LastVisits>();
  const { revision, phase } = useSession();
  let newest = 0;
  watch(
    revision,
    async () => {
      const mine = (newest += 1);
      const session = opened();
      const known = await knownVisits(session);
      shown.value ??= known.days;
      if (!known.whole) {
        await idle();
      }
      if (mine !== newest || phase.value !== "open") {
        return;
      }
      const now = known.whole ? known.days : await lastVisits(session);
      if (mine === newest) {
        shown.value = now;
      }
    },
    { immediate: true },
  );
  onBeforeUnmount(() => {
    newest += 1;
  });
  return shown;
}

/** What can be said without opening a record; `whole` where that is all there is to say. */
async function knownVisits(session: Session): Promise<{ days?: LastVisits; whole: boolean }> {
  const [moment, kept] = await Promise.all([
    momentOf(session),
    noteOf<KeptVisits>(session, LAST_VISITS),
  ]);
  if (kept === undefined) {
    return { whole: false };
  }
  const pending = await mutationsIn(session, moment.pending);
  const days = daysIn(over([], "record", pending).values(), kept.days);
  return { days, whole: kept.stamp === standOf(moment.scopes) && !pending.some(changesOther) };
}

export async function lastVisits(session: Session): Promise<LastVisits> {
  const moment = await momentOf(session);
  const pending = await mutationsIn(session, moment.pending);
  const readable = session.watch.lease(moment.state.contact) === "open";
  const pulled = readable ? await picksOf(session, WORK, moment.scopes) : [];
  if (readable) {
    const days = [...daysIn(over(pulled, "record", []).values())];
    const kept = { stamp: standOf(moment.scopes), days };
    // Not kept, as on a full phone, it is worked out anew the next time.
    await keepNote(session, LAST_VISITS, kept).catch(() => undefined);
  }
  return daysIn(over(pulled, "record", pending).values());
}

/** A line that may take away what a pulled record said. */
function changesOther({ type }: Mutation): boolean {
  return type === "correction" || type === "withdrawal";
}

function daysIn(rows: Iterable<Shown>, known: Iterable<[string, string]> = []): Map<string, string> {
  const days = new Map(known);
  for (const { fields } of rows) {
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
