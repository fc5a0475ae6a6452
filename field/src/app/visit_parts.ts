// What can be added to a visit. A new kind of addition is a line here and a route.

import type { Body } from "../core/protocol";
import type { Draft } from "../core/visits";
import { INFORMATION, labelOf, matterOf, SESSIONS } from "./choices";
import type { IconName } from "./parts/icons";

export interface Addition {
  readonly name: string;
  readonly label: string;
  readonly icon: IconName;
  /** The name of its route, which is given the visit. */
  readonly route: string;
  readonly kind?: string;
}

export const ADDITIONS: readonly Addition[] = [
  { name: "call", label: "入户走访", icon: "door", route: "call-household" },
  { name: "information", label: "信息通报", icon: "message", route: "visit-information" },
  { name: "session", label: "宣传教育", icon: "people", route: "visit-session" },
  { name: "warning", label: "治安预警", icon: "bell", route: "visit-warning" },
  { name: "dispute", label: "矛盾纠纷", icon: "flag", route: "visit-matter", kind: "dispute" },
  { name: "hazard", label: "安全隐患", icon: "warning", route: "visit-matter", kind: "hazard" },
  { name: "request", label: "服务请求", icon: "question", route: "visit-matter", kind: "request" },
];

/** One thing added, as a line of a list. */
export interface Added {
  readonly id: string;
  readonly label: string;
  readonly note: string;
}

/** What was added to a visit; `address` names a household by its id. */
export function addedTo(draft: Draft, address: (household: string) => string): Added[] {
  const { warning, session } = draft;
  return [
    ...draft.calls.map((part) => line(part, "入户走访", address(text(part, "household_id")))),
    ...draft.information.map((part) =>
      line(part, `信息通报 · ${labelOf(INFORMATION, part["subkind"])}`, text(part, "text")),
    ),
    ...draft.matters.map((part) =>
      line(part, matterOf(part["kind"])?.label ?? "", text(part, "summary")),
    ),
    ...(warning ? [line(warning, "治安预警", text(warning, "title"))] : []),
    ...(session
      ? [line(session, labelOf(SESSIONS, session["subkind"]), text(session, "topic"))]
      : []),
  ];
}

function line(part: Body, label: string, note: string): Added {
  return { id: text(part, "id"), label, note };
}

function text(part: Body, name: string): string {
  const value = part[name];
  return typeof value === "string" ? value : "";
}
