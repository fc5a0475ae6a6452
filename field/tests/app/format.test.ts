import { expect, test } from "vitest";
import {
  agoWords,
  clockWords,
  dayOf,
  daysSince,
  dayWords,
  momentOf,
  momentWords,
  spanWords,
  timeOf,
} from "../../src/app/format";

test("a day begins at midnight in Shanghai, wherever the phone thinks it is", () => {
  expect(dayOf("2026-09-09T15:59:59Z")).toBe("2026-09-09");
  expect(dayOf("2026-09-09T16:00:00Z")).toBe("2026-09-10");
  expect(timeOf("2026-09-09T16:05:00Z")).toBe("00:05");
  expect(momentWords("2026-09-10T08:30:00+08:00")).toBe("9月10日 08:30");
});

test("a day and a time typed are a moment in Shanghai", () => {
  expect(momentOf("2026-09-10", "08:30")).toBe(Date.parse("2026-09-10T00:30:00Z"));
  expect(momentOf("", "08:30")).toBeNaN();
  expect(momentOf("2026-09-10", "")).toBeNaN();
});

test.each([
  ["2026-09-10", "今天"],
  ["2026-09-11", "今天"],
  ["2026-09-09", "昨天"],
  ["2026-09-01", "9天前"],
  ["2026-08-10", "31天前"],
  ["2026-08-09", "8月9日"],
])("%s seen from 10 September is %s", (day, words) => {
  expect(agoWords(day, "2026-09-10")).toBe(words);
});

test("days are counted over the end of a month", () => {
  expect(daysSince("2026-02-27", "2026-03-01")).toBe(2);
  expect(dayWords("2026-02-07")).toBe("2月7日");
});

test.each([
  [0, "0分钟"],
  [-5, "0分钟"],
  [59 * 60_000, "59分钟"],
  [61 * 60_000, "1小时1分"],
])("%d ms last %s", (milliseconds, words) => {
  expect(spanWords(milliseconds)).toBe(words);
});

test.each([
  [0, ""],
  [-25 * 60_000, "手机时间比实际慢约25分钟，请在手机设置里校准。"],
  [119 * 60_000, "手机时间比实际快约119分钟，请在手机设置里校准；不校准，刚做完就上传的记录可能会被退回。"],
  [-8 * 3_600_000, "手机时间比实际慢约8小时，请在手机设置里校准。"],
  [6 * 86_400_000 + 3_600_000, "手机时间比实际快约6天，请在手机设置里校准；不校准，刚做完就上传的记录可能会被退回。"],
])("a clock %d ms ahead is spoken of as %s", (ahead, words) => {
  expect(clockWords(ahead)).toBe(words);
});
