// The tables of one device. What people wrote or may read stands sealed; in the clear is only what
// finds a row: numbers, ids, types, versions.

import Dexie, { type Table } from "dexie";
import type { Bytes } from "./bytes";
import type { FinalResult, MutationType } from "./protocol";

/** `sent`: it may have arrived, no answer yet. The rest are the server's words. */
export type OutboxState = "waiting" | "sent" | FinalResult;

/** What a server knows a device by, and the key that proves it. */
export interface Identity {
  readonly device: string;
  /** The device's private key (PKCS #8), sealed by the data key. */
  readonly signing: Bytes;
  readonly publicKey: string;
}

export interface KeysRow extends Identity {
  readonly id: "keys";
  /** What this device has asked to become, the first first. Kept before it is asked: should the answer
   * be lost, the server knows it already, and the same is asked for again. More than one where a code
   * was of another person than the one before. An earlier version kept one, by itself. */
  readonly next?: Identity | readonly Identity[];
  readonly salt: Bytes;
  readonly iterations: number;
  /** The data key, sealed by the passphrase's. */
  readonly wrapped: Bytes;
  /** The data key once more, sealed by a secret that something else than a passphrase gives. */
  readonly other?: OtherOpener;
}

/** What opens the device beside the passphrase: a passkey, say. */
export interface OtherOpener {
  /** Whatever is needed to ask for the secret; says nothing about it. */
  readonly hint: Readonly<Record<string, string>>;
  readonly wrapped: Bytes;
}

export interface StateRow {
  readonly id: "state";
  /** Grows by one with every write: who planned on an older one must plan again. */
  readonly rev: number;
  readonly sealed: Bytes;
}

export interface OutboxRow {
  readonly n: number;
  readonly id: string;
  readonly type: MutationType;
  /** The village it speaks of; empty where it names none. */
  readonly village: string;
  /** h(n), in hex. */
  readonly hash: string;
  readonly state: OutboxState;
  /** The exact line, sealed; null once it was delivered and need not be shown again. */
  readonly line: Bytes | null;
  /** What the server said beyond the result, sealed. */
  readonly answer: Bytes | null;
  /** 1 while it is laid over the pulled rows. (IndexedDB has no index over booleans.) */
  readonly pending: 0 | 1;
  /** Milliseconds of the server's time until which a delivered line is kept, in case the server is
   * put back to a backup; there only while it is. */
  readonly keptUntil?: number;
  /** Whether the officer has dealt with the refusal: the line is kept for a backup's sake alone. */
  readonly dismissed?: boolean;
  /** Of a refused visit: it was taken up again under another id, and never is once more. */
  readonly mended?: true;
  /** This phone sent it as another device, and it was done then, as far as is known: it goes once more in case the
   * server was put back to a backup. */
  readonly again?: true;
  /** Of a line that promises a photo: its content is at the server too, and no longer here. False: it was,
   * and the server was put back to before that since. */
  readonly arrived?: boolean;
}

export interface BaseRow {
  readonly scope: string;
  readonly type: string;
  readonly id: string;
  readonly version: string;
  readonly sealed: Bytes;
}

export interface ScopeRow {
  readonly scope: string;
  readonly epoch: string;
  readonly seq: number;
  readonly digest: string;
  /** The scope's own key, sealed by the data key: gone with this row. */
  readonly wrapped: Bytes;
}

export interface DraftRow {
  readonly id: string;
  readonly sealed: Bytes;
}

/** A form somebody has begun to fill in. */
export interface NoteRow {
  readonly id: string;
  readonly sealed: Bytes;
}

/** `draft`: its visit, or its matter's form, is under way. `ready`: its record is written, its mutation is not. `promised`:
 * its mutation is. What the server has is no longer here. */
export type PhotoState = "draft" | "ready" | "promised" | "refused";

/** Where a photo stands, and what promises it there. */
export type PhotoStood = Pick<PhotoRow, "owner" | "beside" | "visit" | "state" | "mutation">;

export interface PhotoRow {
  readonly id: string;
  /** The id of the record or matter. */
  readonly owner: string;
  readonly beside: "record" | "matter";
  /** What it was taken in: the visit under way, or the matter whose own form was open; empty where
   * the record or matter was written before. */
  readonly visit: string;
  readonly state: PhotoState;
  /** The id of the mutation that promises it; empty until there is one. */
  readonly mutation: string;
  /** How it stood before its refused visit was taken up again, the last first; of no others. */
  readonly stood?: readonly PhotoStood[];
  /** Digest, length, time and reason, sealed. */
  readonly facts: Bytes;
  /** The picture, sealed. */
  readonly content: Bytes;
}

/** What IndexedDB is here: the browser's, or an imitation under Node. */
export interface Platform {
  readonly indexedDB: IDBFactory;
  readonly IDBKeyRange: typeof IDBKeyRange;
}

export const TABLES = [
  "keys",
  "state",
  "outbox",
  "base",
  "scopes",
  "drafts",
  "notes",
  "photos",
] as const;
export type TableName = (typeof TABLES)[number];
/** The tables that what a person records is written to, and the form it was written in is taken out
 * of. Whoever reads pulled rows meanwhile, all of them perhaps, does not hold up a save. */
export const RECORDED: readonly TableName[] = ["state", "outbox", "drafts", "notes", "photos"];

/** A write that goes with another: both are done in one transaction, or neither. */
export type Write = (store: Store) => PromiseLike<unknown>;
export const NO_WRITE: Write = () => Promise.resolve();

export class Store extends Dexie {
  declare readonly keys: Table<KeysRow, string>;
  declare readonly state: Table<StateRow, string>;
  declare readonly outbox: Table<OutboxRow, number>;
  declare readonly base: Table<BaseRow, [string, string, string]>;
  declare readonly scopes: Table<ScopeRow, string>;
  declare readonly drafts: Table<DraftRow, string>;
  declare readonly notes: Table<NoteRow, string>;
  declare readonly photos: Table<PhotoRow, string>;

  constructor(name: string, platform: Platform) {
    // Strict: a transaction is done when it is on the disk, not when the system has promised it.
    // No cache of Dexie's: nobody watches its queries, and every write would pay for it.
    super(name, { ...platform, chromeTransactionDurability: "strict", cache: "disabled" });
    this.version(1).stores({
      keys: "id",
      state: "id",
      outbox: "n, &id, pending, keptUntil",
      base: "[scope+type+id], [scope+type], scope",
      scopes: "scope",
      drafts: "id",
    });
    this.version(2).stores({ notes: "id" });
    this.version(3).stores({ photos: "id, owner, visit, state" });
  }
}

/** Whether a write failed because the phone is full. Dexie wraps what the browser says, more than once
 * where a whole transaction fell with it. */
export function isFull(error: unknown): error is Error {
  for (let one = error, depth = 0; one instanceof Object && depth < DEEPEST; depth += 1) {
    if ("name" in one && one.name === FULL) {
      return true;
    }
    const { inner, failures } = one as { inner?: unknown; failures?: readonly unknown[] };
    one = inner ?? failures?.[0];
  }
  return false;
}

const FULL = "QuotaExceededError";
const DEEPEST = 5;
