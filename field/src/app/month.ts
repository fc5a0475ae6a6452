// My month in the words of the screens.

import type { Verdict } from "../core/verdicts/judge";
import type { VerdictKind } from "../core/verdicts/table";
import { closingDay, daysLeft, VERDICT_WORDS } from "../core/verdicts/wording";
import { dayWords } from "./format";
import type { IconName } from "./parts/icons";

export interface Tone {
  readonly word: string;
  readonly icon: IconName;
  readonly tag: "" | "good" | "warn" | "bad";
}

/** Word, sign and colour of a verdict; never the colour alone. */
export const TONES: Readonly<Record<VerdictKind, Tone>> = {
  exempt: { word: VERDICT_WORDS.exempt, icon: "minus", tag: "" },
  pass: { word: VERDICT_WORDS.pass, icon: "check", tag: "good" },
  not_due: { word: VERDICT_WORDS.not_due, icon: "clock", tag: "" },
  unknown: { word: VERDICT_WORDS.unknown, icon: "question", tag: "warn" },
  advice: { word: VERDICT_WORDS.advice, icon: "flag", tag: "warn" },
  fail: { word: VERDICT_WORDS.fail, icon: "warning", tag: "bad" },
};

/** The most pressing first. */
const URGENCY: readonly VerdictKind[] = ["fail", "unknown", "not_due", "advice", "exempt", "pass"];

export function byUrgency(one: Verdict, other: Verdict): number {
  return URGENCY.indexOf(one.verdict) - URGENCY.indexOf(other.verdict);
}

/** `11月30日止，还有9天`; of a period that is over, that it is. */
export function untilWords(verdict: Verdict): string {
  const closing = dayWords(closingDay(verdict));
  const left = daysLeft(verdict);
  return left > 0 ? `${closing}止，${left === 1 ? "今天最后一天" : `还有${left}天`}` : `${closing}已到期`;
}

/** The address of the screen that tells of a verdict. */
export function placeOf(verdict: Verdict) {
  const { rule, standing, period } = verdict;
  const params = { posting: standing.posting, period: period.period, rule: rule.id };
  return { name: "rule", params };
}

/** How far it is with what must be reached, of 100; null where nothing is to be filled up. */
export function progressOf({ rule, value, threshold }: Verdict): number | null {
  if (rule.operator !== ">=" || value === null || typeof threshold !== "number" || threshold <= 0) {
    return null;
  }
  return Math.min(100, Math.floor((100 * value) / threshold));
}
