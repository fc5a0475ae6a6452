// A correction: the record as it should have been, in the place of the one that is wrong. The wrong
// one stays readable; the server takes the same kind of work by the same person only.

import { uuidv7 } from "uuidv7";
import { isoOf } from "../core/clock";
import type { Body } from "../core/protocol";
import { record } from "../core/recording";
import { enrolmentOf, type Session } from "../core/session";
import type { Write } from "../core/store";
import type { Shown } from "../core/view";
import { QUESTIONS } from "./choices";
import { nightsFault, nightsOf, overnightFault } from "./finishing";
import { dayOf, momentOf, timeOf } from "./format";
import { faultIn, faultInRequired } from "./texts";

export interface Answer {
  chips: string[];
  text: string;
}

/** All that can be put right; which of it is asked for hangs on the kind. */
export interface CorrectionForm {
  village: string;
  day: string;
  time: string;
  leftDay: string;
  leftTime: string;
  /** As they stand, to the second; the fields above know minutes. */
  began: string;
  left: string;
  household: string;
  subkind: string;
  /** The details that are texts, by their names. */
  texts: Record<string, string>;
  /** The details that are chosen from lists. */
  lists: Record<string, string[]>;
  answers: Record<string, Answer>;
  reason: string;
}

/** The texts of each kind: name, label, whether it must be there. */
export const TEXTS: Readonly<Record<string, readonly TextField[]>> = {
  village_visit: [
    { name: "log", label: "工作日志", limit: "log", required: false },
    { name: "overnight_reason", label: "过夜原因", limit: "overnight_reason", required: false },
  ],
  household_visit: [],
  information: [
    { name: "place", label: "地点", limit: "place", required: true },
    { name: "text", label: "内容", limit: "information", required: true },
  ],
  warning: [
    { name: "title", label: "标题", limit: "warning_title", required: true },
    { name: "text", label: "内容", limit: "warning", required: true },
  ],
  session: [{ name: "topic", label: "主题", limit: "topic", required: true }],
};

export interface TextField {
  readonly name: string;
  readonly label: string;
  readonly limit: "log" | "overnight_reason" | "place" | "information" | "warning_title" | "warning" | "topic";
  readonly required: boolean;
}

export const REASONS = ["日期填错", "时间填错", "村填错", "门牌填错", "内容有误"];
export const VOID_REASONS = ["重复登记", "没有去成", "不是我做的", "登记错了"];
export const MOST_REASON = 190;

/** The form as the record stands. */
export function formOf({ fields }: Pick<Shown, "fields">): CorrectionForm {
  const details = (fields["details"] ?? {}) as Body;
  const began = String(fields["occurred_at"]);
  const left = text(details["left_at"]);
  const names = TEXTS[String(fields["kind"])] ?? [];
  return {
    village: text(fields["village"]),
    day: dayOf(began),
    time: timeOf(began),
    leftDay: left && dayOf(left),
    leftTime: left && timeOf(left),
    began,
    left,
    household: text(fields["household"]),
    subkind: text(fields["subkind"]),
    texts: {
      ...Object.fromEntries(names.map(({ name }) => [name, text(details[name])])),
      audience_count: String(details["audience_count"] ?? ""),
    },
    lists: { published: list(details["published"]), audience: list(details["audience"]) },
    answers: Object.fromEntries(QUESTIONS.map(({ name }) => [name, answerOf(details[name])])),
    reason: "",
  };
}

/** What is not right yet, by the name of the field; empty where it may be saved. */
export function faultsOf(kind: string, form: CorrectionForm, now: number): Record<string, string> {
  const began = beganAt(form);
  const left = leftAt(form);
  const counted = Number(form.texts["audience_count"]);
  const known = kind === "village_visit" && !Number.isNaN(began + left);
  const nights = known ? nightsOf(began, left) : 0;
  const said: [string, string][] = [
    ["time", timeFault(began, now)],
    ["left", kind === "village_visit" ? leftFault(began, left, now) || nightsFault(nights) : ""],
    ...(TEXTS[kind] ?? []).map(({ name, label, required }): [string, string] => {
      const value = form.texts[name] ?? "";
      return [name, required ? faultInRequired(value, label) : faultIn(value)];
    }),
    ["overnight_reason", overnightFault(nights, form.texts["overnight_reason"] ?? "")],
    ["household", kind === "household_visit" && form.household === "" ? "请选一户。" : ""],
    ["published", kind === "warning" && form.lists["published"]?.length === 0 ? "请选发布方式。" : ""],
    ["audience", kind === "session" && form.lists["audience"]?.length === 0 ? "请选听众。" : ""],
    [
      "audience_count",
      kind === "session" && !(Number.isInteger(counted) && counted >= 1 && counted <= 9999)
        ? "请填1到9999的人数。"
        : "",
    ],
    ...QUESTIONS.map(({ name }): [string, string] => [name, faultIn(form.answers[name]?.text ?? "")]),
    ["reason", reasonFault(form.reason)],
  ];
  return Object.fromEntries(said.filter(([, fault]) => fault !== ""));
}

export function reasonFault(reason: string): string {
  return faultInRequired(reason, "原因");
}

/** Record the correction; answers the id of the record that takes the place. `also` goes with it. */
export async function correct(
  session: Session,
  row: Shown,
  form: CorrectionForm,
  also: Write,
): Promise<string> {
  const { person } = enrolmentOf(await session.state());
  const kind = String(row.fields["kind"]);
  const id = uuidv7();
  // A part stays with its visit, unless it moves to another village.
  const visit = form.village === row.fields["village"] ? (row.fields["visit"] ?? null) : null;
  const said = {
    id,
    kind,
    subkind: form.subkind,
    village_code: form.village,
    staff_id: person.staff_id,
    occurred_at: isoOf(beganAt(form)),
    household_id: kind === "household_visit" ? form.household : null,
    visit_id: kind === "village_visit" ? null : visit,
    details: detailsOf(kind, form),
  };
  const body = { record_id: row.id, record: said, reason: form.reason.trim() };
  await record(session, "correction", body, also);
  return id;
}

/** Record that something is void. `also` goes with it. */
export async function takeBack(
  session: Session,
  id: string,
  { reason, withParts }: { readonly reason: string; readonly withParts: boolean },
  also: Write,
): Promise<void> {
  const body = { record_id: id, reason: reason.trim(), with_parts: withParts };
  await record(session, "withdrawal", body, also);
}

function detailsOf(kind: string, form: CorrectionForm): Body {
  const names = TEXTS[kind] ?? [];
  const texts = Object.fromEntries(names.map(({ name }) => [name, (form.texts[name] ?? "").trim()]));
  switch (kind) {
    case "village_visit":
      return { ...texts, left_at: isoOf(leftAt(form)) };
    case "household_visit":
      return Object.fromEntries(
        QUESTIONS.map(({ name }) => {
          const { chips = [], text: word = "" } = form.answers[name] ?? {};
          return [name, { chips: [...chips], text: word.trim() }];
        }),
      );
    case "warning":
      return { ...texts, published: [...(form.lists["published"] ?? [])] };
    case "session":
      return {
        ...texts,
        audience: [...(form.lists["audience"] ?? [])],
        audience_count: Number(form.texts["audience_count"]),
      };
    default:
      return texts;
  }
}

function beganAt({ day, time, began }: CorrectionForm): number {
  return unlessSame(day, time, began);
}

function leftAt({ leftDay, leftTime, left }: CorrectionForm): number {
  return unlessSame(leftDay, leftTime, left);
}

/** The moment of the fields; the record's own where they say the same minute. */
function unlessSame(day: string, time: string, stands: string): number {
  const same = stands !== "" && dayOf(stands) === day && timeOf(stands) === time;
  return same ? Date.parse(stands) : momentOf(day, time);
}

function timeFault(began: number, now: number): string {
  if (Number.isNaN(began)) {
    return "请选日期和时间。";
  }
  return began > now + 60_000 ? "时间还没有到。" : "";
}

function leftFault(began: number, left: number, now: number): string {
  if (Number.isNaN(left)) {
    return "请选离村的日期和时间。";
  }
  if (left > now + 60_000) {
    return "离村时间还没有到。";
  }
  return left <= began ? "离村时间应晚于到村时间。" : "";
}

function answerOf(value: unknown): Answer {
  const said = (value ?? {}) as Body;
  return { chips: list(said["chips"]), text: text(said["text"]) };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
