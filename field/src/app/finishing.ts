// When a visit ended, held to what the server will ask of it, so that nobody is sent home with a visit
// that is refused a day later.

import { dayOf, daysSince, momentWords } from "./format";

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

export function nightsOf(arrived: number, left: number): number {
  return daysSince(dayOf(arrived), dayOf(left));
}

/** Whether the clock was wrong when the visit began, or has been since: then the officer says when it began. */
export function arrivalInDoubt({ arrived, now, calls }: Omit<Ending, "left">): boolean {
  const last = Math.max(...calls, arrived);
  return last > now + MINUTE_MS || nightsOf(arrived, last) > MOST_NIGHTS;
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
  if (nightsOf(arrived, left) > MOST_NIGHTS) {
    return "一次进村最多过一夜，请改成实际离村的时间。";
  }
  // The form knows minutes only.
  return left < Math.floor(last / MINUTE_MS) * MINUTE_MS
    ? `最后一户是${momentWords(last)}走访的，离村时间不能比它早，请核对。那一户如果不是这次走的，请返回上一页删掉它，再另记一次进村。`
    : "";
}
