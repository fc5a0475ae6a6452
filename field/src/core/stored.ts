// The rows of a scope as they lie on the disk, sealed; some of them fetched before anybody can open them.

import { hex } from "./bytes";
import type { BaseRow, ScopeRow, Store } from "./store";

/** Where a scope stands: the same, and its rows are the same. */
export function stampOf({ scope, epoch, seq, digest }: ScopeRow): string {
  return `${scope}/${epoch}/${seq}/${digest}`;
}

/** Where all of these stand. */
export function standOf(scopes: readonly ScopeRow[]): string {
  return scopes.map(stampOf).sort().join("\n");
}

const fetched = new WeakMap<Store, Map<string, BaseRow[]>>();

/** Fetch the rows of these types while the device is still locked: who types a passphrase does not wait
 * for what is read meanwhile. They stay sealed. */
export async function readAhead(store: Store, types: readonly string[]): Promise<void> {
  const rows = await store.transaction("r", [store.scopes, store.base], async () => {
    const wanted = (await store.scopes.toArray()).flatMap((held) =>
      types.map((type) => ({ held, type })),
    );
    return Promise.all(
      wanted.map(async ({ held, type }) => [nameOf(held, type), await read(store, held, type)] as const),
    );
  });
  fetched.set(store, new Map(rows));
}

/** The rows of a type in a scope that stands so; those fetched before are given once. */
export async function storedRows(store: Store, held: ScopeRow, type: string): Promise<BaseRow[]> {
  const ahead = fetched.get(store);
  const name = nameOf(held, type);
  const rows = ahead?.get(name) ?? (await read(store, held, type));
  ahead?.delete(name);
  return rows;
}

const PICKED = "picked/";

/** Where what was taken out of a scope's rows is kept (`picks`); no other note's name begins so. */
export function placeOfPicks(scope: string): string {
  return `${PICKED}${scope}/`;
}

export function isPick(note: string): boolean {
  return note.startsWith(PICKED);
}

/** A write that goes with the end of a scope, or of all: what was taken out of its rows goes too. */
export function picksDropped({ notes }: Store, scope?: string): PromiseLike<unknown> {
  const place = scope === undefined ? PICKED : placeOfPicks(scope);
  return notes.where("id").startsWith(place).delete();
}

function read({ base }: Store, { scope }: ScopeRow, type: string): PromiseLike<BaseRow[]> {
  return base.where("[scope+type]").equals([scope, type]).toArray();
}

/** A scope pulled from nothing may stand where it stood; what it holds is sealed by another key then. */
function nameOf(held: ScopeRow, type: string): string {
  return `${stampOf(held)}/${hex(held.wrapped)}/${type}`;
}
