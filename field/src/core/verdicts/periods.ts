// Dates and periods of the local calendar. A day is `YYYY-MM-DD` of Asia/Shanghai, which keeps one
// offset all year; days are counted as whole numbers, so that nothing hangs on the device's zone.

const DAY_MS = 86_400_000;
const OFFSET_MS = 8 * 3_600_000;

export type PeriodKind = "month" | "quarter" | "half_year" | "year";
export type SubPeriodKind = "half_month" | "ten_days";

/** A half-open range of days `[from, to)` with its name, such as `2026-09`. */
export interface Period {
  readonly period: string;
  readonly kind: PeriodKind;
  readonly from: string;
  readonly to: string;
}

/** A half-open part of a period with its name: `上旬` of which month. */
export interface Part {
  readonly from: string;
  readonly to: string;
  readonly name: string;
}

const FIRST_DAYS: Record<SubPeriodKind, readonly number[]> = { half_month: [1, 16], ten_days: [1, 11, 21] };
const PART_NAMES: Record<SubPeriodKind, readonly string[]> = {
  half_month: ["上半月", "下半月"],
  ten_days: ["上旬", "中旬", "下旬"],
};
const QUARTERS = ["一", "二", "三", "四"];

/** The day a moment belongs to; milliseconds since 1970. */
export function dayOf(moment: number): string {
  return new Date(moment + OFFSET_MS).toISOString().slice(0, 10);
}

/** 00:00 of a day in milliseconds since 1970. */
export function startOf(day: string): number {
  return numberOf(day) * DAY_MS - OFFSET_MS;
}

export function plusDays(day: string, days: number): string {
  return new Date((numberOf(day) + days) * DAY_MS).toISOString().slice(0, 10);
}

/** How many days from `from` to `to`; negative where `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return numberOf(to) - numberOf(from);
}

export function daysOf(period: Period): number {
  return daysBetween(period.from, period.to);
}

export function lastDay(period: Period): string {
  return plusDays(period.to, -1);
}

/** Whether a half-open range holds on a day; null is open. */
export function holdsOn(from: string | null, to: string | null, day: string): boolean {
  return (from === null || from <= day) && (to === null || day < to);
}

/** The parts of the period's months, in order. */
export function partsOf(period: Period, kind: SubPeriodKind): Part[] {
  const parts: Part[] = [];
  for (let month = period.from; month < period.to; month = nextMonth(month)) {
    const starts = FIRST_DAYS[kind].map((day) => dayIn(month, day));
    const ends = [...starts.slice(1), nextMonth(month)];
    starts.forEach((from, at) => {
      const to = ends[at] ?? from;
      const last = partOfDay(plusDays(to, -1)).day;
      const name = `${partOfDay(from).month}月${PART_NAMES[kind][at]}（${partOfDay(from).day}日至${last}日）`;
      parts.push({ from, to, name });
    });
  }
  return parts;
}

/** `9月`, `三季度`, `上半年`, `2026年`. */
export function periodName(period: Period): string {
  const { year, month } = partOfDay(period.from);
  switch (period.kind) {
    case "month":
      return `${month}月`;
    case "quarter":
      return `${QUARTERS[Math.floor((month - 1) / 3)]}季度`;
    case "half_year":
      return month === 1 ? "上半年" : "下半年";
    case "year":
      return `${year}年`;
  }
}

/** `2026年9月3日`. */
export function dayText(day: string): string {
  const { year, month, day: number } = partOfDay(day);
  return `${year}年${month}月${number}日`;
}

export function partOfDay(day: string): { year: number; month: number; day: number } {
  const [year = 0, month = 0, number = 0] = day.split("-").map(Number);
  return { year, month, day: number };
}

function numberOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}

function dayIn(month: string, day: number): string {
  return `${month.slice(0, 8)}${String(day).padStart(2, "0")}`;
}

function nextMonth(month: string): string {
  const { year, month: number } = partOfDay(month);
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10);
}
