// What a record says, as names and words.

import type { Body } from "../core/protocol";
import type { Shown } from "../core/view";
import {
  AUDIENCES,
  type Choice,
  INFORMATION,
  labelOf,
  LEVELS,
  matterOf,
  PUBLICATIONS,
  QUESTIONS,
  SESSIONS,
} from "./choices";
import { momentWords } from "./format";

type Fact = readonly [string, string];

/** The content of a record or a matter; what is not said is left out where it is shown. */
export function factsOf(row: Shown, villageName: (code: string) => string): Fact[] {
  const { fields } = row;
  const place: Fact = ["村", villageName(text(fields["village"]))];
  return [place, ...(row.type === "matter" ? ofMatter(fields) : ofWork(fields))];
}

function ofMatter(fields: Body): Fact[] {
  const kind = matterOf(fields["kind"]);
  return [
    ["类别", labelOf(kind?.subkinds ?? [], fields["subkind"])],
    ["地点", text(fields["place"])],
    ["情况", text(fields["summary"])],
    ["层级", labelOf(LEVELS, fields["level"])],
  ];
}

function ofWork(fields: Body): Fact[] {
  const details = (fields["details"] ?? {}) as Body;
  const said = (name: string): string => text(details[name]);
  switch (fields["kind"]) {
    case "village_visit":
      return [
        ["离村", said("left_at") && momentWords(said("left_at"))],
        ["日志", said("log") || "没有写"],
        ["过夜原因", said("overnight_reason")],
      ];
    case "household_visit":
      return [["门牌", text(fields["household_address"])], ...answers(details)];
    case "information":
      return [
        ["类别", labelOf(INFORMATION, fields["subkind"])],
        ["地点", said("place")],
        ["内容", said("text")],
      ];
    case "warning":
      return [
        ["标题", said("title")],
        ["内容", said("text")],
        ["发布", labels(PUBLICATIONS, details["published"])],
      ];
    case "session":
      return [
        ["类别", labelOf(SESSIONS, fields["subkind"])],
        ["主题", said("topic")],
        ["听众", labels(AUDIENCES, details["audience"])],
        ["人数", details["audience_count"] === undefined ? "" : String(details["audience_count"])],
      ];
    default:
      return [];
  }
}

function answers(details: Body): Fact[] {
  return QUESTIONS.map(({ name, label, chips }): Fact => {
    const answer = (details[name] ?? {}) as Body;
    const said = [labels(chips, answer["chips"]), text(answer["text"])].filter((one) => one !== "");
    return [label, said.join("；") || "没有发现问题"];
  });
}

function labels(choices: readonly Choice[], values: unknown): string {
  return Array.isArray(values) ? values.map((value) => labelOf(choices, value)).join("、") : "";
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
