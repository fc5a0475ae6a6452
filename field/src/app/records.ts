// Records in the words of the screens: what one is, when it was, how it stands with the server.

import type { Fate, Recorded } from "../core/fates";
import type { Body } from "../core/protocol";
import { dayOfRecord } from "../core/verdicts/local";
import type { Shown } from "../core/view";
import { type Choice, INFORMATION, labelOf, matterOf, RECORDS, SESSIONS } from "./choices";
import { dayOf } from "./format";
import { textField, useRows } from "./rows";

export interface FateWords {
  readonly word: string;
  readonly tag: "" | "good" | "warn" | "bad";
}

export const FATES: Readonly<Record<Fate, FateWords>> = {
  waiting: { word: "未发送", tag: "warn" },
  sent: { word: "已发出，等回执", tag: "" },
  received: { word: "已收到", tag: "good" },
  refused: { word: "未采纳", tag: "bad" },
  undecided: { word: "待裁定", tag: "warn" },
};

const STATES: Readonly<Record<string, string>> = { superseded: "已更正", withdrawn: "已作废" };

/** What may be asked of the list: everything, what the server does not have, what needs a look. */
export const VIEWS: readonly Choice[] = [
  { value: "all", label: "全部" },
  { value: "open", label: "未收到" },
  { value: "trouble", label: "未采纳、待裁定" },
];

export function isIn(chosen: string, { fate }: Recorded): boolean {
  const open = fate === "waiting" || fate === "sent";
  const trouble = fate === "refused" || fate === "undecided";
  return chosen === "all" || (chosen === "open" ? open : trouble);
}

/** The kinds that may be chosen. */
export const KINDS: readonly Choice[] = [
  { value: "", label: "各类" },
  ...RECORDS,
  { value: "matter", label: "事项" },
];

export function isOfKind(kind: string, row: Shown): boolean {
  return kind === "" || (row.type === "matter" ? kind === "matter" : row.fields["kind"] === kind);
}

/** 已更正, 已作废; empty of a record that holds. */
export function stateWords({ fields }: Shown): string {
  return STATES[String(fields["state"])] ?? "";
}

/** The day something belongs to. */
export function dayOfRow({ type, fields }: Shown): string {
  return type === "matter" ? dayOf(String(fields["opened_at"])) : dayOfRecord(fields);
}

/** When it was, to order by. */
export function momentOfRow({ fields }: Shown): number {
  return Date.parse(String(fields["occurred_at"] ?? fields["opened_at"]));
}

/** A record or matter in a few words. */
export function useTitles(): (row: Shown) => string {
  const households = useRows("household");
  return (row) => {
    const address = textField(row, "household_address");
    const known = households.value?.get(textField(row, "household"));
    return titleOf(row, address || textField(known, "address"));
  };
}

function titleOf(row: Shown, address: string): string {
  const { fields } = row;
  const details = (fields["details"] ?? {}) as Body;
  if (row.type === "matter") {
    return joined(matterOf(fields["kind"])?.label ?? "事项", textField(row, "summary"));
  }
  switch (fields["kind"]) {
    case "household_visit":
      return joined("入户走访", address);
    case "information":
      return joined("信息通报", labelOf(INFORMATION, fields["subkind"]));
    case "warning":
      return joined("治安预警", details["title"]);
    case "session":
      return joined(labelOf(SESSIONS, fields["subkind"]), details["topic"]);
    default:
      return labelOf(RECORDS, fields["kind"]);
  }
}

function joined(kind: string, what: unknown): string {
  return typeof what === "string" && what !== "" ? `${kind} · ${what}` : kind;
}
