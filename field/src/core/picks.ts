// The little that is asked of very many rows, taken out of each once and kept beside them: sealed by
// their scope's own key, so that it goes when that does.

import { hex } from "./bytes";
import { momentOf } from "./moment";
import { mutationsIn } from "./outbox";
import type { Body, Row } from "./protocol";
import { openedRow, sealerOf } from "./rows";
import type { Sealer } from "./sealing";
import type { Session } from "./session";
import type { ScopeRow } from "./store";
import { placeOfPicks, stampOf, storedRows } from "./stored";
import { over, type Shown } from "./view";

/** What is asked of the rows of a type. Who takes out something else calls it otherwise. */
export interface Picking {
  readonly type: string;
  readonly name: string;
  /** The fields that are needed; null: nothing of this row is. */
  readonly pick: (row: Row) => Body | null;
}

/** Id, version and what was taken out of each row; `stamp`: where the scope stood then. */
interface Picked {
  readonly stamp: string;
  readonly rows: readonly (readonly [id: string, version: string, fields: Body | null])[];
}

const read = new WeakMap<Session, Map<string, { readonly at: string; readonly picked: Promise<Picked> }>>();

/** What is taken out of the rows of these scopes, which may be read. A row that has not changed since is
 * not opened again, whenever that was. */
export async function picksOf(
  session: Session,
  picking: Picking,
  scopes: readonly ScopeRow[],
): Promise<Row[]> {
  const parts = await Promise.all(scopes.map((held) => pickedIn(session, held, picking)));
  return parts.flatMap(({ rows }) =>
    rows.flatMap(([id, version, fields]) =>
      fields === null ? [] : [{ ...fields, row: picking.type, id, version }],
    ),
  );
}

/** The same as `view` would show it: while the lease has ended only what was recorded here. */
export async function viewPicked(session: Session, picking: Picking): Promise<Map<string, Shown>> {
  const { state, scopes, pending } = await momentOf(session);
  const readable = session.watch.lease(state.contact) === "open";
  const rows = await picksOf(session, picking, readable ? scopes : []);
  return over(rows, picking.type, await mutationsIn(session, pending));
}

function pickedIn(session: Session, held: ScopeRow, picking: Picking): Promise<Picked> {
  const known = read.get(session) ?? new Map();
  read.set(session, known);
  const place = `${placeOfPicks(held.scope)}${picking.type}/${picking.name}`;
  const at = `${stampOf(held)}/${hex(held.wrapped)}`;
  const before = known.get(place);
  if (before?.at === at) {
    return before.picked;
  }
  const picked = pickedNow(session, held, { ...picking, place });
  known.set(place, { at, picked });
  // The scope was pulled from nothing while it was read: the next read has its new key.
  picked.catch(() => known.delete(place));
  return picked;
}

async function pickedNow(
  session: Session,
  held: ScopeRow,
  { type, place, pick }: Picking & { readonly place: string },
): Promise<Picked> {
  const sealer = await sealerOf(session, held);
  const kept = await keptAt(session, sealer, place);
  if (kept?.stamp === stampOf(held)) {
    return kept;
  }
  const known = new Map(kept?.rows.map((row) => [row[0], row]));
  const rows = await Promise.all(
    (await storedRows(session.store, held, type)).map(async (stored) => {
      const { id, version } = stored;
      const before = known.get(id);
      return before?.[1] === version
        ? before
        : ([id, version, pick(await openedRow(sealer, stored))] as const);
    }),
  );
  const picked = { stamp: stampOf(held), rows };
  const sealed = await sealer.sealJson(place, picked);
  // Not kept, as on a full phone, it is picked anew the next time.
  await session.store.notes.put({ id: place, sealed }).catch(() => undefined);
  return picked;
}

/** What was kept; undefined where nothing was, or by a key that is gone. */
async function keptAt(
  { store }: Session,
  sealer: Sealer,
  place: string,
): Promise<Picked | undefined> {
  const row = await store.notes.get(place);
  return row && sealer.openJson<Picked>(place, row.sealed).catch(() => undefined);
}
