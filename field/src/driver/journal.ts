// IndexedDB that outlives the process, for Node: the imitation in memory, and beside it a file to
// which every committed transaction is appended whole, and from which the next start is made.

import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, truncateSync } from "node:fs";
import { deserialize, serialize } from "node:v8";
import type { DBCore, DBCoreMutateRequest, DBCoreTable, DBCoreTransaction } from "dexie";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { Store } from "../core/store";

/** `before-commit`: the transaction is lost. `after-commit`: it is kept, nobody hears of it. */
export type CommitPoint = "before-commit" | "after-commit";

/** Asked at both points of every commit; true: the program dies here. */
export type Dies = (point: CommitPoint) => boolean;

interface Write {
  readonly table: string;
  readonly request: Pick<DBCoreMutateRequest, "type"> & {
    readonly values?: readonly unknown[];
    readonly keys?: readonly unknown[];
    readonly range?: Range;
  };
}

interface Range {
  readonly type: number;
  readonly lower: unknown;
  readonly upper: unknown;
  readonly lowerOpen?: boolean;
  readonly upperOpen?: boolean;
}

const LENGTH_BYTES = 4;
const DIGEST_BYTES = 8;
const HEAD_BYTES = LENGTH_BYTES + DIGEST_BYTES;
/** Dexie's number for a range without bounds. */
const ANY = 3;

/** Open the store kept in `file`, as it was after its last commit. */
export async function openJournalled(name: string, file: string, dies: Dies): Promise<Store> {
  const writes = committed(file);
  const store = new Store(name, { indexedDB: new IDBFactory(), IDBKeyRange });
  const pending = new Map<DBCoreTransaction, Write[]>();
  store.use({
    stack: "dbcore",
    name: "journal",
    create: (down) => ({
      ...down,
      transaction: (tables, mode, options) => {
        const transaction = down.transaction(tables, mode, options) as IDBTransaction;
        if (mode === "readwrite") {
          const own: Write[] = [];
          pending.set(transaction, own);
          transaction.addEventListener("complete", (event) => {
            pending.delete(transaction);
            commit(own, file, dies, event);
          });
        }
        return transaction;
      },
      table: (table) => noting(down, table, pending),
    }),
  });
  await store.open();
  await replay(store, writes);
  return store;
}

function noting(
  down: DBCore,
  name: string,
  pending: Map<DBCoreTransaction, Write[]>,
): DBCoreTable {
  const table = down.table(name);
  return {
    ...table,
    mutate: async (request) => {
      const answer = await table.mutate(request);
      const { type, values, keys, range } = request as Write["request"];
      const said = { type, ...(values && { values }), ...(keys && { keys }), ...(range && { range }) };
      pending.get(request.trans)?.push({ table: name, request: said });
      return answer;
    },
  };
}

/** A transaction is committed when it stands in the file; whoever waits hears of it after that. */
function commit(writes: readonly Write[], file: string, dies: Dies, event: Event): void {
  if (writes.length === 0) {
    return;
  }
  if (dies("before-commit")) {
    event.stopImmediatePropagation();
    return;
  }
  const body = serialize(writes);
  const head = Buffer.alloc(LENGTH_BYTES);
  head.writeUInt32BE(body.length);
  appendFileSync(file, Buffer.concat([head, digestOf(body), body]));
  if (dies("after-commit")) {
    event.stopImmediatePropagation();
  }
}

/** The transactions of a file; one cut short at its end was never committed. */
function committed(file: string): Write[] {
  if (!existsSync(file)) {
    return [];
  }
  const bytes = readFileSync(file);
  const writes: Write[] = [];
  let at = 0;
  while (at + HEAD_BYTES <= bytes.length) {
    const end = at + HEAD_BYTES + bytes.readUInt32BE(at);
    const body = bytes.subarray(at + HEAD_BYTES, end);
    if (end > bytes.length || !digestOf(body).equals(bytes.subarray(at + LENGTH_BYTES, at + HEAD_BYTES))) {
      break;
    }
    writes.push(...(deserialize(body) as Write[]));
    at = end;
  }
  if (at < bytes.length) {
    truncateSync(file, at);
  }
  return writes;
}

function digestOf(body: Buffer): Buffer {
  return createHash("sha256").update(body).digest().subarray(0, DIGEST_BYTES);
}

/** Do to the empty store what was done before, beneath Dexie: nothing is journalled twice. */
async function replay(store: Store, writes: readonly Write[]): Promise<void> {
  if (writes.length === 0) {
    return;
  }
  const names = store.tables.map((table) => table.name);
  const transaction = store.backendDB().transaction(names, "readwrite");
  for (const { table, request } of writes) {
    redo(transaction.objectStore(table), request);
  }
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(new Error("the journal cannot be replayed"));
  });
}

function redo(table: IDBObjectStore, { type, values, keys, range }: Write["request"]): void {
  if (type === "delete") {
    for (const key of keys ?? []) {
      table.delete(key as IDBValidKey);
    }
  } else if (type === "deleteRange") {
    if (range === undefined || range.type === ANY) {
      table.clear();
    } else {
      table.delete(keyRange(range));
    }
  } else {
    // The values hold their keys: every table has a key path.
    for (const value of values ?? []) {
      table.put(value);
    }
  }
}

function keyRange({ lower, upper, lowerOpen, upperOpen }: Range): IDBKeyRange {
  if (upper === undefined) {
    return IDBKeyRange.lowerBound(lower, lowerOpen);
  }
  return lower === undefined
    ? IDBKeyRange.upperBound(upper, upperOpen)
    : IDBKeyRange.bound(lower, upper, lowerOpen, upperOpen);
}
