// A verdict in the words the server uses for it (src/cunjing/policy/wording.py): what is asked, what
// there is, what is missing, by when.

import type { Threshold, Verdict } from "./judge";
import { dayOf, daysBetween, daysOf, dayText, lastDay, partOfDay, partsOf, periodName, plusDays } from "./periods";
import type { Rule, VerdictKind } from "./table";

export const VERDICT_WORDS: Readonly<Record<VerdictKind, string>> = {
  exempt: "免考",
  pass: "达标",
  not_due: "未到期",
  unknown: "数据未齐",
  advice: "提示",
  fail: "未达标",
};

/** The parts of a verdict; one that does not apply is empty. */
export interface Told {
  readonly wanted: string;
  readonly found: string;
  readonly short: string;
  readonly until: string;
}

/** One or two sentences: the outcome, the shortfall, why it is not held against. */
export function message(verdict: Verdict): string {
  const { rule, period } = verdict;
  const name = periodName(period);
  if (verdict.verdict === "exempt") {
    return `${name}任职（扣除请假）不足${verdict.table.minimum_days[period.kind] ?? 0}天，免考`;
  }
  if (verdict.verdict === "pass") {
    return forbids(verdict)
      ? `${rule.title}：达标，没有不合要求的`
      : `${rule.title}：达标，${amount(rule, verdict.value)}（要求${wanted(rule, verdict.threshold)}）`;
  }
  const text = shortfall(verdict) + lowered(verdict);
  switch (verdict.verdict) {
    case "not_due":
      return `${text}，截止${dayText(closingDay(verdict))}`;
    case "unknown":
      return text + unknown(verdict);
    case "advice":
      return `${text}（只作提示，不算未达标）`;
    case "fail":
      return text;
  }
}

export function told(verdict: Verdict): Told {
  return {
    wanted: wanted(verdict.rule, verdict.threshold) + lowered(verdict),
    found: found(verdict),
    short: short(verdict),
    until: until(verdict),
  };
}

/** The sum behind a threshold of less, or why nothing is asked; empty where nothing was taken off. */
export function workedOut({ rule, table, period, verdict, threshold, full }: Verdict): string {
  const whole = daysOf(period);
  if (!rule.prorated || period.available === whole) {
    return "";
  }
  const days = `本期共${whole}天，在岗${period.available}天`;
  if (verdict === "exempt") {
    return `${days}；不足${table.minimum_days[period.kind] ?? 0}天，免考`;
  }
  if (rule.operator !== ">=" || typeof full !== "number" || typeof threshold !== "number") {
    return "";
  }
  const rest = (full * period.available) % whole;
  const quotient = (full * period.available - rest) / whole;
  const up = rest > 0 ? `余${rest}，有余数进一` : "";
  return `${days}；${full}×${period.available}÷${whole}＝${quotient}${up}，应有${threshold}${rule.unit}`;
}

/** The last day on which work for the rule counts. */
export function closingDay({ rule, period }: Verdict): string {
  return plusDays(lastDay(period), rule.grace_days);
}

/** How many days are left, today among them; 0 when it is over. */
export function daysLeft(verdict: Verdict): number {
  const today = dayOf(verdict.at);
  const from = today > verdict.period.from ? today : verdict.period.from;
  return Math.max(0, daysBetween(from, closingDay(verdict)) + 1);
}

/** `不少于2天`, `正好1名`, `7至11人`. */
export function wanted({ operator, unit }: Rule, threshold: Threshold): string {
  const [low, high] = rangeOf(threshold);
  switch (operator) {
    case ">=":
      return `不少于${low}${unit}`;
    case "<=":
      if (high === 0) {
        return unit === "个" ? "不合要求的一个也没有" : `不合要求的一${unit}也没有`;
      }
      return `不超过${high}${unit}`;
    case "between":
      return low === high ? `正好${low}${unit}` : `${low}至${high}${unit}`;
    case "=":
      return `正好${low}${unit}`;
  }
}

/** What is missing or too much, in the rule's own words: `9月还差1天进村`. */
export function shortfall({ rule, period, value, threshold }: Verdict): string {
  if (value === null) {
    return `${rule.title}：缺籍贯村`;
  }
  const [low, high] = rangeOf(threshold);
  if (rule.operator === "between" && value > high) {
    return `${rule.title}：有${value}${rule.unit}，比规定多${value - high}${rule.unit}`;
  }
  const gap = value < low ? low - value : value - high;
  const said: Record<string, string | number> = { period: periodName(period), gap, value, threshold: low };
  return rule.message.replace(/\{(\w+)\}/g, (whole, name: string) => String(said[name] ?? whole));
}

function found(verdict: Verdict): string {
  const { rule, value, state } = verdict;
  if (value === null) {
    return "资料不全，没有数字";
  }
  const shown = amount(rule, value);
  if (rule.event === null) {
    return forbids(verdict) ? `不合要求的有${shown}` : `有${shown}`;
  }
  const records = `计入${state.n}条${rule.event.name}记录`;
  switch (rule.event.tally) {
    case "count":
      return records;
    case "lacking":
      return `${records}，其中不合要求的${shown}`;
    default:
      return `${records}，合${shown}`;
  }
}

function short(verdict: Verdict): string {
  const { rule, value, threshold } = verdict;
  if (verdict.verdict === "pass" || verdict.verdict === "exempt") {
    return "";
  }
  if (value === null) {
    // Of the rules about postings only those about the home have no number where it is not entered.
    return "缺籍贯村，登记以后才能下结论";
  }
  const [low, high] = rangeOf(threshold);
  if (value < low) {
    const where = openParts(verdict);
    return `还差${amount(rule, low - value)}${where && `：${where}`}`;
  }
  const over = amount(rule, value - high);
  return forbids(verdict) ? `不合要求的${over}` : `多${over}`;
}

/** Which parts of the period have nothing; empty where it cannot be said: a threshold lowered for
 * somebody who was not there all the time leaves open which part is meant, and so does one that
 * could not be lowered by as much. */
function openParts({ rule, period, state, threshold, full, at }: Verdict): string {
  const days = state.days ?? {};
  const partly = rule.prorated && period.available < daysOf(period);
  if (threshold !== full || partly || rule.event === null) {
    return "";
  }
  if (rule.event.tally === "subperiods" && rule.event.sub_period !== null) {
    const bare = partsOf(period, rule.event.sub_period).filter(
      ({ from, to }) => !Object.keys(days).some((day) => from <= day && day < to),
    );
    return bare.map(({ name }) => name).join("、");
  }
  if (rule.event.tally === "distinct_days" && threshold === daysOf(period)) {
    const seen = earlier(lastDay(period), dayOf(at));
    const all = Array.from({ length: daysOf(period) }, (_, at) => plusDays(period.from, at));
    return dayList(all.filter((day) => day <= seen && days[day] === undefined));
  }
  return "";
}

/** `9月3日、9月7日至9日、9月28日至10月2日`. */
function dayList(days: readonly string[]): string {
  const runs: string[][] = [];
  for (const day of days) {
    const last = runs.at(-1);
    if (last !== undefined && plusDays(last.at(-1) ?? "", 1) === day) {
      last.push(day);
    } else {
      runs.push([day]);
    }
  }
  return runs
    .map((run) => {
      const [first, end] = [partOfDay(run[0] ?? ""), partOfDay(run.at(-1) ?? "")];
      const until = `至${end.month === first.month ? "" : `${end.month}月`}${end.day}日`;
      return `${first.month}月${first.day}日${run.length > 1 ? until : ""}`;
    })
    .join("、");
}

function unknown({ rule, period, at }: Verdict): string {
  if (rule.event === null) {
    return "，补齐后才能判断";
  }
  return dayOf(at) < period.to
    ? "；周期还没有结束，可能还有记录要上传"
    : "；但有人在周期结束后还没有同步并确认都已记录，可能有记录没有上传";
}

function until(verdict: Verdict): string {
  const { rule, period, at } = verdict;
  if (verdict.verdict === "pass" || verdict.verdict === "exempt") {
    return "";
  }
  const last = lastDay(period);
  const seen = earlier(last, dayOf(at));
  if (rule.period === null) {
    const later = seen < dayOf(at) ? "之后改正的，从下一期起算数" : "改正以后，再计算就看得到";
    return `看的是${dayText(seen)}的情况；${later}`;
  }
  const closing = closingDay(verdict);
  if (verdict.verdict === "not_due") {
    return `截止${dayText(closing)}`;
  }
  return dayOf(at) > closing ? `${dayText(closing)}已经到期` : `到${dayText(closing)}为止`;
}

function lowered({ rule, threshold, full }: Verdict): string {
  if (!rule.prorated || threshold === full) {
    return "";
  }
  return `（任职（扣除请假）不满整个周期，要求由${String(full)}${rule.unit}折算为${String(threshold)}${rule.unit}）`;
}

/** Whether the rule counts what must not be at all. */
function forbids({ rule, threshold }: Verdict): boolean {
  return rule.operator === "<=" && threshold === 0;
}

function rangeOf(threshold: Threshold): readonly [number, number] {
  return typeof threshold === "number" ? [threshold, threshold] : threshold;
}

function amount(rule: Rule, value: number | null): string {
  return value === null ? "没有数字" : `${value}${rule.unit}`;
}

function earlier(one: string, other: string): string {
  return one < other ? one : other;
}
