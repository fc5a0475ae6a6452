// A visit the server has refused, of a village whose rows are on the device.

import type { Session } from "../src/core/session";
import { sync } from "../src/core/syncing";
import { addToVisit, type Draft, draftOf, finishVisit, startVisit, takeUpAgain } from "../src/core/visits";
import { enrolled } from "./devices";
import { VILLAGE } from "./month_rows";
import { type ScopeChange, Station } from "./station";

const PROBLEM = { type: "about:blank#42201", title: "不对", status: 422, detail: "有内容需要修改。" };

/** A row without what every row of these tests has. */
export type Told = Omit<ScopeChange, "version"> & Pick<ScopeChange, "row" | "id">;

export interface Refused {
  readonly session: Session;
  readonly station: Station;
  /** The id the visit had, and that of its line. */
  readonly visit: string;
  readonly line: string;
}

export async function refused({ log = "巡村" } = {}): Promise<Refused> {
  const station = await Station.open();
  station.judge = () => ({ result: "rejected", problem: PROBLEM });
  station.scopes.set(VILLAGE, { epoch: "e", changes: [] });
  const session = await enrolled(station);
  const arrivedAt = Date.parse("2026-11-20T09:00:00+08:00");
  const visit = await startVisit(session, { village_code: VILLAGE, staff_id: "s", arrivedAt });
  const call = { household_id: "h", occurred_at: "2026-11-20T09:30:00.000+08:00", answers: {} };
  await addToVisit(session, visit, "calls", call);
  await addToVisit(session, visit, "session", { topic: "防火" });
  const leftAt = Date.parse("2026-11-20T11:00:00+08:00");
  const { id: line } = await finishVisit(session, visit, { log, leftAt });
  await sync(session, station.transport);
  return { session, station, visit, line };
}

export async function refusedAndTakenUp(said: { log?: string } = {}): Promise<Refused & { readonly draft: Draft }> {
  const all = await refused(said);
  const draft = await draftOf(all.session, await takeUpAgain(all.session, 1));
  return { ...all, draft };
}

/** The station says something of the village, and the device hears of it. */
export async function heard({ session, station }: Refused, row: Told): Promise<void> {
  station.scopes.get(VILLAGE)?.changes.push({ version: "1", village: VILLAGE, ...row });
  await sync(session, station.transport);
}

/** What a person decided about the refused line. */
export function decidedOn({ line }: Refused, outcome: string): Told {
  return { row: "decision", id: `d-${line}`, line, outcome, reason: "到村核对", decided_by: "王所长" };
}

/** A pull has brought the record the line was to make. */
export function madeOf({ visit }: Refused): Told {
  return { row: "record", id: visit, kind: "village_visit", state: "valid" };
}
