// When a visit began and ended, held to what the server will ask of it, so that nobody is sent home with a
// visit that is refused a day later.

import { BARRED_AHEAD_MS, MOST_AHEAD_MS, STEP_BACK_MS } from "../core/lease";
import { aboutWords, dayOf, daysSince, momentWords } from "./format";

const MINUTE_MS = 60_000;
/** A visit may go on into the next day, with a reason; not longer. */
const MOST_NIGHTS = 1;

export interface Ending {
  readonly arrived: number;
  readonly left: number;
  readonly now: number;
  /** When households were called on; those of which no time is kept are left out. */
  readonly calls: readonly number[];
}

export interface Beginning extends Pick<Ending, "arrived" | "now" | "calls"> {
  /** The latest time the phone knew of when the visit began; undefined where none was kept. */
  readonly known: number | undefined;
}

/** Why the officer is asked when a visit began. `behind`: it began before a time the phone already knew to
 * be past. `wrong`: what was done on it does not fit the beginning. `long`: it was left open, or the clock
 * was behind in a way nothing shows. */
export type Doubt = "behind" | "wrong" | "long";

export function nightsOf(arrived: number, left: number): number {
  return daysSince(dayOf(arrived), dayOf(left));
}

/** Whether the clock may have been wrong when the visit began, or may be now; null where nothing says so. */
export function doubtOf({ arrived, now, calls, known = 0 }: Beginning): Doubt | null {
  if (arrived < known - STEP_BACK_MS) {
    return "behind";
  }
  const last = Math.max(...calls, arrived);
  if (last > now + MINUTE_MS || nightsOf(arrived, last) > MOST_NIGHTS) {
    return "wrong";
  }
  return nightsOf(arrived, now) > MOST_NIGHTS ? "long" : null;
}

/** What the officer is told with the question when a visit began. */
export const DOUBTS: Readonly<Record<Doubt, string>> = {
  behind: "进村时手机的时间不对，请填实际的到村时间。和它对不上的走访时间不再保留，按到村时间算。",
  wrong: "手机的时间改动过，请核对到村时间。和它对不上的走访时间不再保留，按到村时间算。",
  long: "从到村到现在不止一夜，请核对到村时间：进村时手机时间不对的，改成实际的；没有错的，不用改，只改离村时间。",
};

/** Why a visit cannot have gone on over so many nights; empty where it can. */
export function nightsFault(nights: number): string {
  return nights > MOST_NIGHTS ? "一次进村最多过一夜，请核对到村时间和离村时间，改成实际的。" : "";
}

/** A visit over a night says why; empty where nothing is missing. */
export function overnightFault(nights: number, reason: string): string {
  return nights === MOST_NIGHTS && reason.trim() === "" ? "离村在第二天，请写明过夜的原因。" : "";
}

/** Why a visit cannot have ended then, and what to do about it; empty where it can. */
export function endingFault({ arrived, left, now, calls }: Ending): string {
  if (Number.isNaN(arrived)) {
    return "请选到村的日期和时间。";
  }
  if (arrived > now + MINUTE_MS) {
    return "到村时间比手机现在的时间还晚，请核对日期和时间，手机的时间也看一下。";
  }
  const last = Math.max(...calls, arrived);
  if (nightsOf(arrived, last) > MOST_NIGHTS) {
    return `${momentWords(last)}走访的那一户不在这次进村之内。到村时间不对的，请改到村时间；对的，请返回上一页删掉那一户，再另记一次进村。`;
  }
  if (Number.isNaN(left)) {
    return "请选离村的日期和时间。";
  }
  if (left > now + MINUTE_MS) {
    return "离村时间还没有到。";
  }
  if (left <= arrived) {
    return "离村时间应晚于到村时间。";
  }
  const fault = nightsFault(nightsOf(arrived, left));
  if (fault !== "") {
    return fault;
  }
  // The form knows minutes only.
  return left < Math.floor(last / MINUTE_MS) * MINUTE_MS
    ? `最后一户是${momentWords(last)}走访的，离村时间不能比它早，请核对。那一户如果不是这次走的，请返回上一页删掉它，再另记一次进村。`
    : "";
}

/** What a clock that is ahead does to a visit that can have ended then. */
export interface AheadOfTime {
  readonly words: string;
  /** It is not to be saved before the clock was seen to: the server may well send it back. */
  readonly barred: boolean;
}

/** By the server's clock, as far as the phone knows it, the end is still to come: by so little that the server is
 * likely to take it, or by more. Null where it is not. */
export function aheadOf(
  { left, now, ahead }: Pick<Ending, "left" | "now"> & { readonly ahead: number },
): AheadOfTime | null {
  const early = left - (now - ahead);
  if (early <= MOST_AHEAD_MS) {
    return null;
  }
  const barred = early > BARRED_AHEAD_MS;
  const todo = barred ? "请先在手机设置里校准时间，再回来保存。" : "请在手机设置里校准时间。";
  const words = `手机时间比实际快约${aboutWords(ahead)}，现在保存，马上上传可能会因为“时间还没有到”被退回。${todo}`;
  return { words, barred };
}
