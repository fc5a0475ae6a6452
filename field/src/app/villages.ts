// What is asked of the villages: their names, also while pulled data is locked, and the last visits.

import { onBeforeUnmount, type Ref, shallowRef, watch } from "vue";
import { keepNote, noteOf } from "../core/notes";
import type { Session } from "../core/session";
import { view } from "../core/view";
import { dayOf } from "./format";
import { useRead } from "./rows";
import { opened, useSession } from "./session";

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
    await keepNames(session, named);
    return named.sort(byCode);
  }
  const kept = (await noteOf<KnownVillage[]>(session, NOTE)) ?? [];
  const scopes = new Set((await session.store.scopes.toArray()).map(({ scope }) => scope));
  return kept.filter(({ code }) => scopes.has(code)).sort(byCode);
}

async function keepNames(session: Session, villages: readonly KnownVillage[]): Promise<void> {
  const said = JSON.stringify(villages);
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

const LAST_VISITS = "last-visits";

/** The last visits: at once as they were known last, and anew when the page has nothing better to do;
 * opening every record would keep an officer waiting who only wants to go on. */
export function useLastVisits(): Ref<LastVisits | undefined> {
  const shown = shallowRef<LastVisits>();
  const { revision, phase } = useSession();
  let newest = 0;
  watch(
    revision,
    async () => {
      const mine = (newest += 1);
      const session = opened();
      const kept = shown.value ? undefined : await noteOf<[string, string][]>(session, LAST_VISITS);
      shown.value ??= kept && new Map(kept);
      await idle();
      if (mine !== newest || phase.value !== "open") {
        return;
      }
      const now = await lastVisits(session);
      if (mine === newest) {
        shown.value = now;
        await keepNote(session, LAST_VISITS, [...now]);
      }
    },
    { immediate: true },
  );
  onBeforeUnmount(() => {
    newest += 1;
  });
  return shown;
}

function idle(): Promise<unknown> {
  // Not everywhere; a moment later does as well.
  return new Promise((resolve) =>
    "requestIdleCallback" in window ? requestIdleCallback(resolve) : setTimeout(resolve, 200),
  );
}

export async function lastVisits(session: Session): Promise<LastVisits> {
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
