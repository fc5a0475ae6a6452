// The pulled rows of a scope, as they are kept: each sealed by the scope's own key.

import { hex } from "./bytes";
import { NO_ROWS, type RowName, toggled } from "./chain";
import type { ScopeNews } from "./answers";
import type { Row, ScopeCursor } from "./protocol";
import { newDataKey, Sealer } from "./sealing";
import type { Session } from "./session";
import type { BaseRow, ScopeRow, Store } from "./store";
import { picksDropped, stampOf, storedRows } from "./stored";

/** What the news of a scope come to, ready to be written. */
export interface Applied {
  /** Null: the digest does not fit, or the server starts elsewhere; drop the scope, pull it anew. */
  readonly cursor: ScopeRow | null;
  readonly more: boolean;
  readonly write: (store: Store) => Promise<void>;
}

/** What the device has, for the server to say what is new. */
export async function cursorsOf({ store }: Session): Promise<ScopeCursor[]> {
  const rows = await store.scopes.orderBy("scope").toArray();
  return rows.map(({ scope, epoch, seq, digest }) => ({ scope, epoch, seq, digest }));
}

/** Everything of a scope gone: rows, cursor and key. */
export async function dropScope(store: Store, scope: string): Promise<void> {
  await store.base.where("scope").equals(scope).delete();
  await store.scopes.delete(scope);
  await picksDropped(store, scope);
}

/** Work out what the news make of a scope; nothing is written yet. */
export async function applied(session: Session, news: ScopeNews): Promise<Applied> {
  const { store, data } = session;
  const { scope } = news;
  const kept = news.from === 0 ? undefined : await store.scopes.get(scope);
  if (news.from !== 0 && (kept?.seq !== news.from || kept.epoch !== news.epoch)) {
    return dropped(scope);
  }
  const coming = lastOfEach(news);
  const leaving = kept ? await storedOf(store, news) : [];
  const names = coming.map(({ row, id, version }) => ({ type: row, id, version }));
  const digest = await toggled(kept?.digest ?? NO_ROWS, [...leaving, ...names]);
  if (!news.more && digest !== news.digest) {
    return dropped(scope);
  }
  const key = kept ? await data.open(placeOfKey(scope), kept.wrapped) : newDataKey();
  const wrapped = kept?.wrapped ?? (await data.seal(placeOfKey(scope), key));
  const sealer = await Sealer.of(key);
  const rows = await Promise.all(coming.map((row) => sealedRow(sealer, scope, row)));
  const cursor: ScopeRow = { scope, epoch: news.epoch, seq: news.seq, digest, wrapped };
  const write = async ({ base, scopes }: Store): Promise<void> => {
    if (!kept) {
      await base.where("scope").equals(scope).delete();
    }
    await base.bulkDelete(news.gone.map(({ type, id }) => [scope, type, id]));
    await base.bulkPut(rows);
    await scopes.put(cursor);
  };
  return { cursor, more: news.more, write };
}

/** What was opened of a scope while the device is unlocked: its key, and its rows by type. */
interface OpenScope {
  readonly wrapped: string;
  readonly sealer: Promise<Sealer>;
  readonly types: Map<string, OpenRows>;
}

/** Rows of a type, opened, by place. `stamp` is where the scope stood when they were read. */
interface OpenRows {
  readonly stamp: string;
  readonly rows: Promise<ReadonlyMap<string, Promise<Row>>>;
  readonly all: Promise<Row[]>;
}

const opened = new WeakMap<Session, Map<string, OpenScope>>();

/** The readable rows of a type, each scope opened with its own key. A scope that stands where it
 * stood is not read again, a row that has not changed is not opened again. */
export async function rowsOf(
  session: Session,
  type: string,
  scopes?: readonly ScopeRow[],
): Promise<Row[]> {
  const { held, known } = await heldScopes(session, scopes);
  const parts = held.map((scope) => rowsIn(session, openScope(session, known, scope), scope, type));
  return (await Promise.all(parts)).flat();
}

/** The scopes held now, and what is open of them; what was open of others is forgotten. */
async function heldScopes(
  session: Session,
  scopes?: readonly ScopeRow[],
): Promise<{ held: readonly ScopeRow[]; known: Map<string, OpenScope> }> {
  const held = scopes ?? (await session.store.scopes.toArray());
  const known = opened.get(session) ?? new Map<string, OpenScope>();
  opened.set(session, known);
  const names = new Set(held.map(({ scope }) => scope));
  [...known.keys()].filter((scope) => !names.has(scope)).forEach((scope) => known.delete(scope));
  return { held, known };
}

function openScope(
  { data }: Session,
  known: Map<string, OpenScope>,
  { scope, wrapped }: Pick<ScopeRow, "scope" | "wrapped">,
): OpenScope {
  const name = hex(wrapped);
  const before = known.get(scope);
  if (before?.wrapped === name) {
    return before;
  }
  const sealer = data.open(placeOfKey(scope), wrapped).then((key) => Sealer.of(key));
  const fresh: OpenScope = { wrapped: name, sealer, types: new Map() };
  known.set(scope, fresh);
  return fresh;
}

async function rowsIn(
  { store }: Session,
  { sealer, types }: OpenScope,
  held: ScopeRow,
  type: string,
): Promise<Row[]> {
  const stamp = stampOf(held);
  const before = types.get(type);
  if (before?.stamp === stamp) {
    return before.all;
  }
  const open = async (row: BaseRow): Promise<Row> => openedRow(await sealer, row);
  const rows = storedRows(store, held, type).then(async (stored) => {
    const known = await before?.rows.catch(() => undefined);
    return new Map(stored.map((row) => [placeOfRow(row), known?.get(placeOfRow(row)) ?? open(row)]));
  });
  const all = rows.then((found) => Promise.all(found.values()));
  // At once: who asks while this is read waits for it, and reads nothing.
  types.set(type, { stamp, rows, all });
  return all.catch((error: unknown) => {
    // The scope was pulled from nothing while it was read: the next read has its new key.
    if (types.get(type)?.all === all) {
      types.delete(type);
    }
    throw error;
  });
}

/** The readable rows of a type with these ids; opening all of them would take longer. */
export async function rowsById(
  session: Session,
  type: string,
  ids: readonly string[],
  scopes?: readonly ScopeRow[],
): Promise<Row[]> {
  if (ids.length === 0) {
    return [];
  }
  const { base } = session.store;
  const { held, known } = await heldScopes(session, scopes);
  const parts = held.map(async (scope) => {
    const keys = ids.map((id): [string, string, string] => [scope.scope, type, id]);
    const found = (await base.bulkGet(keys)).filter((row) => row !== undefined);
    const { sealer } = openScope(session, known, scope);
    return Promise.all(found.map(async (row) => openedRow(await sealer, row)));
  });
  return (await Promise.all(parts)).flat();
}

/** What opens the rows of a scope. */
export async function sealerOf(session: Session, held: ScopeRow): Promise<Sealer> {
  const known = opened.get(session) ?? new Map<string, OpenScope>();
  opened.set(session, known);
  return openScope(session, known, held).sealer;
}

/** What a row says. Throws where it was sealed by another key. */
export function openedRow(sealer: Sealer, row: BaseRow): Promise<Row> {
  return sealer.openJson<Row>(placeOfRow(row), row.sealed);
}

function dropped(scope: string): Applied {
  return { cursor: null, more: true, write: (store) => dropScope(store, scope) };
}

/** The stored rows that the news put others in the place of, or take away. */
async function storedOf({ base }: Store, news: ScopeNews): Promise<RowName[]> {
  const changed = [...news.gone, ...news.rows.map(({ row, id }) => ({ type: row, id }))];
  const names = new Map(changed.map((one) => [nameOf(one.type, one.id), one]));
  const keys = [...names.values()].map(
    ({ type, id }): [string, string, string] => [news.scope, type, id],
  );
  return (await base.bulkGet(keys)).filter((row) => row !== undefined);
}

/** A row said twice counts as it was said last. */
function lastOfEach(news: ScopeNews): Row[] {
  return [...new Map(news.rows.map((row) => [nameOf(row.row, row.id), row])).values()];
}

async function sealedRow(sealer: Sealer, scope: string, row: Row): Promise<BaseRow> {
  const bare = { scope, type: row.row, id: row.id, version: row.version };
  return { ...bare, sealed: await sealer.sealJson(placeOfRow(bare), row) };
}

function nameOf(type: string, id: string): string {
  return `${type}/${id}`;
}

function placeOfKey(scope: string): string {
  return `scope/${scope}`;
}

function placeOfRow(row: Omit<BaseRow, "sealed">): string {
  return `row/${row.scope}/${row.type}/${row.id}/${row.version}`;
}
