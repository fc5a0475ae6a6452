// The words of the protocol, version 1, as both sides write them.

/** The schema version this app writes; the server reads older ones for a year. */
export const SCHEMA = 2;
export const MOST_LINES = 500;
/** Far below the server's 16 MiB of text and 2 MiB packed, so that no push is refused for its size. */
export const MOST_TEXT_BYTES = 2 * 1024 * 1024;

export type MutationType =
  | "visit_entry"
  | "work_record"
  | "matter"
  | "correction"
  | "withdrawal"
  | "household_change"
  | "matter_change"
  | "photo"
  | "answer"
  | "seen";

export type Body = Readonly<Record<string, unknown>>;

/** How many refused lines the server lets one stand for. */
export const MOST_REPLACED = 100;

/** The ids of the refused lines that the body of a mended visit stands for. */
export function replacedBy({ replaces }: Body): readonly string[] {
  return Array.isArray(replaces) ? replaces.map(String) : [];
}

/** Server time, signed for this device: whoever shows it acted after it. */
export interface Anchor {
  readonly n: number;
  readonly at: string;
  readonly signature: string;
}

/** One mutation; its line is this as JSON, kept byte for byte. */
export interface Mutation {
  readonly n: number;
  readonly id: string;
  readonly type: MutationType;
  readonly schema: number;
  readonly salt: string;
  readonly saved_at: string;
  readonly anchor: Anchor | null;
  readonly body: Body;
}

export const FINAL_RESULTS = ["accepted", "merged", "conflict", "rejected", "quarantined"] as const;
export type FinalResult = (typeof FINAL_RESULTS)[number];

/** A refusal as the API words it (RFC 9457); `type` ends in its stable number. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly [more: string]: unknown;
}

export interface PushResult {
  readonly n: number;
  readonly id: string;
  readonly result: FinalResult;
  readonly problem?: Problem | null;
  /** Type and id of each row the mutation made or changed. */
  readonly rows?: readonly (readonly [string, string])[];
}

/** The newest link of the server's audit chain, kept so that it cannot be rewritten unseen. */
export interface Witness {
  readonly sequence: number;
  readonly head: string;
}

/** What every answer brings. `last` and `head`: the newest line the server has of this device. */
export interface Standing {
  readonly last: number;
  readonly head: string;
  readonly anchor: Anchor;
  readonly lease_until: string;
  readonly witness?: Witness | null;
}

export interface PushAnswer extends Standing {
  readonly results: readonly PushResult[];
}

/** `staff_id`: null for an account of nobody on duty. */
export interface Person {
  readonly user_id: string;
  readonly name: string;
  readonly staff_id: string | null;
}

export interface EnrolAnswer extends Standing {
  readonly person: Person;
  readonly server_key: string;
  readonly token: string;
}

export interface ScopeCursor {
  readonly scope: string;
  readonly epoch: string;
  readonly seq: number;
  readonly digest: string;
}

/** A row as the server words it; which fields it has beyond these is the affair of its type. */
export interface Row {
  readonly row: string;
  readonly id: string;
  readonly version: string;
  readonly [field: string]: unknown;
}

/** The stable number at the end of a problem's type, 0 where there is none. */
export function numberOf(problem: Problem): number {
  return Number(/#(\d+)$/.exec(problem.type)?.[1] ?? 0);
}
