// What the screens show: the pulled rows, with what was recorded here laid over them in order.

import { momentOf } from "./moment";
import { mutationsIn } from "./outbox";
import type { Body, Mutation, Row } from "./protocol";
import { rowsById, rowsOf } from "./rows";
import type { Session } from "./session";

export interface Shown {
  readonly type: string;
  readonly id: string;
  /** The row's fields; of one recorded here and not yet pulled, those that were said. */
  readonly fields: Body;
  /** The version of the pulled row beneath; none where there is no such row. */
  readonly version?: string;
  /** Recorded here, and no pull has brought it yet. */
  readonly pending: boolean;
}

/** The rows of a type by id. While the lease has ended only what was recorded here. */
export async function view(session: Session, type: string): Promise<Map<string, Shown>> {
  const { state, scopes, pending } = await momentOf(session);
  const readable = session.watch.lease(state.contact) === "open";
  const rows = readable ? await rowsOf(session, type, scopes) : [];
  return over(rows, type, await mutationsIn(session, pending));
}

/** The rows of a type with these ids, by id: opening all of them would take longer. */
export async function viewSome(
  session: Session,
  type: string,
  ids: readonly string[],
): Promise<Map<string, Shown>> {
  const { state, scopes, pending } = await momentOf(session);
  const readable = session.watch.lease(state.contact) === "open";
  const rows = readable ? await rowsById(session, type, ids, scopes) : [];
  const wanted = new Set(ids);
  const shown = over(rows, type, await mutationsIn(session, pending));
  return new Map([...shown].filter(([id]) => wanted.has(id)));
}

/** Pulled rows of a type with mutations laid over them, in order. */
export function over(
  rows: readonly Row[],
  type: string,
  mutations: readonly Mutation[],
): Map<string, Shown> {
  const shown = new Map(rows.map((row) => [row.id, pulled(row)]));
  for (const mutation of mutations) {
    lay(shown, type, mutation);
  }
  return shown;
}

function pulled(row: Row): Shown {
  const { row: type, id, version, ...fields } = row;
  return { type, id, fields, version, pending: false };
}

function lay(shown: Map<string, Shown>, type: string, mutation: Mutation): void {
  for (const made of [...madeBy(mutation), ...withdrawnWith(mutation, shown)]) {
    const before = shown.get(made.id);
    // A change of a row that is not here, as none is once the lease has ended, makes no row: what it leaves
    // unsaid nobody could show.
    if (made.type === type && (before !== undefined || changeBy(mutation, made.id) === "made")) {
      const fields = { ...before?.fields, ...made.fields };
      shown.set(made.id, { ...before, ...made, fields, pending: true });
    }
  }
}

export type Made = Omit<Shown, "pending">;

/** The rows a mutation makes or changes, as the server will say them. */
export function madeBy({ type, body, saved_at }: Mutation): Made[] {
  switch (type) {
    case "visit_entry":
      return [...workOf(body), ...matters(body)];
    case "work_record":
      return [workRecord(body, saved_at)];
    case "matter":
      return [matterOf(body, body)];
    case "correction":
      return [
        changed(body["record_id"], { state: "superseded" }),
        workRecord({ ...asBody(body["record"]), supersedes: body["record_id"] }, saved_at),
      ];
    case "withdrawal":
      return [changed(body["record_id"], { state: "withdrawn" })];
    case "household_change":
      return [made("household", body["household_id"], changedFields(body))];
    case "matter_change":
      return [made("matter", body["matter_id"], changedFields(body))];
    case "answer":
      return [made("question", body["question_id"], { answer: body["text"] })];
    // Nothing a row would show.
    case "seen":
    case "photo":
      return [];
  }
}

/** What a line was to do with a row: make it, or change what there is. */
export type Doing = "made" | "corrected" | "withdrawn" | "changed";

/** A correction makes one record and puts away another. */
export function changeBy({ type, body }: Mutation, id: string): Doing {
  switch (type) {
    case "withdrawal":
      return "withdrawn";
    case "correction":
      return body["record_id"] === id ? "corrected" : "made";
    case "household_change":
    case "matter_change":
    case "answer":
      return "changed";
    default:
      return "made";
  }
}

/** What a row's fields are called in a change of it, where that differs. */
export const SAID_AS: Readonly<Record<string, string>> = { hamlet: "hamlet_id" };
const ROW_NAMES = new Map(Object.entries(SAID_AS).map(([row, said]) => [said, row]));

/** The fields a change lays over its row. */
function changedFields(body: Body): Body {
  const edits = Object.entries(body["fields"] as Record<string, { readonly to: unknown }>);
  return Object.fromEntries(edits.map(([name, { to }]) => [ROW_NAMES.get(name) ?? name, to]));
}

/** The parts that go with a withdrawn visit. */
function withdrawnWith({ type, body }: Mutation, shown: Map<string, Shown>): Made[] {
  if (type !== "withdrawal" || body["with_parts"] !== true) {
    return [];
  }
  const parts = partsOfVisit(shown, String(body["record_id"])).filter(holds);
  return parts.map((row) => changed(row.id, { state: "withdrawn" }));
}

/** A record that was neither corrected nor withdrawn. */
export function holds({ fields }: Shown): boolean {
  return fields["state"] === "valid";
}

/** The records of a visit: they name it, or what it was before it was corrected. */
export function partsOfVisit<R extends Shown>(records: ReadonlyMap<string, R>, visit: string): R[] {
  const chain = new Set<unknown>();
  for (let id: unknown = visit; typeof id === "string" && !chain.has(id); ) {
    chain.add(id);
    id = records.get(id)?.fields["supersedes"];
  }
  return [...records.values()].filter(({ fields }) => chain.has(fields["visit"]));
}

const PARTS = [
  ["calls", "household_visit"],
  ["information", "information"],
  ["warning", "warning"],
  ["session", "session"],
] as const;

function workOf(entry: Body): Made[] {
  const { log, overnight_reason, left_at } = entry;
  const own = { kind: "village_visit", details: { left_at, log, overnight_reason } };
  const parts = PARTS.flatMap(([name, kind]) =>
    partsOf(entry, name).map((part) => record(entry, part, { kind, visit: entry["id"], ...named(part) })),
  );
  return [record(entry, entry, own), ...parts];
}

/** A part's household and kind under the names the rows have; what else it says are its details. */
function named(part: Body): Body {
  const { id: _id, household_id, subkind, answers, occurred_at, ...said } = part;
  return {
    details: answers ?? said,
    ...(household_id === undefined ? {} : { household: household_id }),
    ...(subkind === undefined ? {} : { subkind }),
    ...(occurred_at === undefined ? {} : { occurred_at }),
  };
}

function record(entry: Body, part: Body, fields: Body): Made {
  const { village_code, arrived_at, recorded_at } = entry;
  const when = { occurred_at: arrived_at, recorded_at };
  return made("record", part["id"], { village: village_code, state: "valid", ...when, ...fields });
}

function workRecord(said: Body, saved_at: string): Made {
  const { id, village_code, household_id, visit_id, staff_id: _, ...fields } = said;
  const links = { village: village_code, household: household_id, visit: visit_id };
  return made("record", id, { recorded_at: saved_at, state: "valid", ...links, ...fields });
}

function matters(entry: Body): Made[] {
  return partsOf(entry, "matters").map((part) =>
    matterOf(part, { ...entry, visit_id: entry["id"], opened_at: entry["arrived_at"] }),
  );
}

function matterOf(said: Body, around: Body): Made {
  const { id, kind, subkind, place, summary, level } = said;
  const { village_code, visit_id, opened_at } = around;
  const links = { village: village_code, visit: visit_id, opened_at };
  return made("matter", id, { kind, subkind, place, summary, level: level ?? "village", ...links });
}

function changed(id: unknown, fields: Body): Made {
  return made("record", id, fields);
}

function made(type: string, id: unknown, fields: Body): Made {
  return { type, id: String(id), fields };
}

function partsOf(entry: Body, name: string): Body[] {
  const said = entry[name];
  return said == null ? [] : Array.isArray(said) ? (said as Body[]) : [asBody(said)];
}

function asBody(value: unknown): Body {
  return value as Body;
}
