// What is asked of the villages: their names, also while pulled data is locked, and the last visits.

import type { Ref } from "vue";
import { keepNote, noteOf } from "../core/notes";
import type { Session } from "../core/session";
import { view } from "../core/view";
import { dayOf } from "./format";
import { useRead } from "./rows";

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
