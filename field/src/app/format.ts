// Times as officers read them, always in Asia/Shanghai, whatever the phone is set to.

const ZONE = "Asia/Shanghai";
const DAY_MS = 86_400_000;

const day = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE });
const clock = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE,
  hour: "2-digit",
  minute: "2-digit",
  hour12: false,
});

type Moment = string | number | Date;

/** 2026-09-10, in Shanghai. */
export function dayOf(moment: Moment): string {
  return day.format(new Date(moment));
}

/** 08:30, in Shanghai. */
export function timeOf(moment: Moment): string {
  return clock.format(new Date(moment));
}

/** 9月10日 of a day written 2026-09-10. */
export function dayWords(written: string): string {
  const [, month, date] = written.split("-").map(Number);
  return `${month}月${date}日`;
}

const WEEKDAYS = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"] as const;

/** 今天, 明天, 9月10日 周四: a day that is to come. */
export function comingWords(written: string, today: string): string {
  const days = -daysSince(written, today);
  if (days <= 1) {
    return days === 1 ? "明天" : "今天";
  }
  return `${dayWords(written)} ${WEEKDAYS[new Date(written).getUTCDay()]}`;
}

/** 9:30 of minutes of the day. */
export function clockOf(minutes: number): string {
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

/** How many days before today a day was; 0 today. */
export function daysSince(written: string, today: string): number {
  return Math.round((Date.parse(today) - Date.parse(written)) / DAY_MS);
}

/** 今天, 昨天, 3天前, 9月10日. */
export function agoWords(written: string, today: string): string {
  const days = daysSince(written, today);
  if (days <= 0) {
    return "今天";
  }
  return days === 1 ? "昨天" : days <= 31 ? `${days}天前` : dayWords(written);
}

/** 9月10日 08:30 */
export function momentWords(moment: Moment): string {
  return `${dayWords(dayOf(moment))} ${timeOf(moment)}`;
}

/** 1小时20分 */
export function spanWords(milliseconds: number): string {
  const minutes = Math.max(Math.floor(milliseconds / 60_000), 0);
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes}分钟` : `${hours}小时${minutes % 60}分`;
}

const HOUR_MS = 3_600_000;

/** 手机时间比实际慢约25分钟，请在手机设置里校准。 of by how much it is ahead, in milliseconds; nothing of
 * nothing. */
export function clockWords(ahead: number): string {
  if (ahead === 0) {
    return "";
  }
  const about = aboutWords(Math.abs(ahead));
  return ahead > 0
    ? `手机时间比实际快约${about}，请在手机设置里校准；不校准，刚做完就上传的记录可能会被退回。`
    : `手机时间比实际慢约${about}，请在手机设置里校准。`;
}

/** 25分钟, 8小时, 6天: a span as one speaks of it. */
export function aboutWords(milliseconds: number): string {
  if (milliseconds < 2 * HOUR_MS) {
    return `${Math.round(milliseconds / 60_000)}分钟`;
  }
  return milliseconds < 2 * DAY_MS
    ? `${Math.round(milliseconds / HOUR_MS)}小时`
    : `${Math.round(milliseconds / DAY_MS)}天`;
}

/** The moment of a day and a clock time in Shanghai, in milliseconds; NaN where either is missing. */
export function momentOf(written: string, time: string): number {
  return Date.parse(`${written}T${time}:00+08:00`);
}
