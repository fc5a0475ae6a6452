// The pulled rows of a scope, as they are kept: each sealed by the scope's own key.

import { NO_ROWS, type RowName, toggled } from "./chain";
import type { ScopeNews } from "./answers";
import type { Row, ScopeCursor } from "./protocol";
import { newDataKey, Sealer } from "./sealing";
import type { Session } from "./session";
import type { BaseRow, ScopeRow, Store } from "./store";

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

/** Rows that were opened while the device is unlocked, by scope and type, then by place: what has not
 * changed is not opened again. What is no longer stored is forgotten at the next read. */
const opened = new WeakMap<Session, Map<string, Map<string, Promise<Row>>>>();

/** The readable rows of a type, each scope opened with its own key. */
export async function rowsOf(session: Session, type: string): Promise<Row[]> {
  const { store, data } = session;
  const known = opened.get(session) ?? new Map<string, Map<string, Promise<Row>>>();
  opened.set(session, known);
  const scopes = await store.scopes.toArray();
  const held = new Set(scopes.map(({ scope }) => scope));
  [...known.keys()].filter((key) => !held.has(scopeOf(key))).forEach((key) => known.delete(key));
  const parts = scopes.map(async ({ scope, wrapped }) => {
    const rows = await store.base.where("[scope+type]").equals([scope, type]).toArray();
    const before = known.get(nameOf(scope, type));
    const sealer = Sealer.of(await data.open(placeOfKey(scope), wrapped));
    const open = async (row: BaseRow): Promise<Row> =>
      (await sealer).openJson<Row>(placeOfRow(row), row.sealed);
    const now = new Map(
      rows.map((row) => [placeOfRow(row), before?.get(placeOfRow(row)) ?? open(row)]),
    );
    known.set(nameOf(scope, type), now);
    return Promise.all(now.values()).catch((error: unknown) => {
      // The scope was pulled from nothing while it was read: the next read has its new key.
      known.delete(nameOf(scope, type));
      throw error;
    });
  });
  return (await Promise.all(parts)).flat();
}

function scopeOf(key: string): string {
  return key.slice(0, key.indexOf("/"));
}

/** The readable rows of a type with these ids; opening all of them would take longer. */
export async function rowsById(
  session: Session,
  type: string,
  ids: readonly string[],
): Promise<Row[]> {
  const { store, data } = session;
  const scopes = ids.length > 0 ? await store.scopes.toArray() : [];
  const parts = scopes.map(async ({ scope, wrapped }) => {
    const keys = ids.map((id): [string, string, string] => [scope, type, id]);
    const found = (await store.base.bulkGet(keys)).filter((row) => row !== undefined);
    if (found.length === 0) {
      return [];
    }
    const sealer = await Sealer.of(await data.open(placeOfKey(scope), wrapped));
    return Promise.all(found.map((row) => sealer.openJson<Row>(placeOfRow(row), row.sealed)));
  });
  return (await Promise.all(parts)).flat();
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
