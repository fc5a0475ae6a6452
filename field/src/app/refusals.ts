// Why a line was not done, in words: what a person decided, or what the server found wrong and where.

import { type Decision, isDone } from "../core/decisions";
import type { Untaken } from "../core/fates";
import type { Photo } from "../core/photos/photos";
import type { Body, Mutation, Problem } from "../core/protocol";
import { matterOf, QUESTIONS } from "./choices";
import { labelFor } from "./unsent";

/** The address of a household by its id; empty where it is not here. */
export type AddressOf = (household: string) => string;

const OUTCOMES: Readonly<Record<Decision["outcome"], string>> = {
  applied: "派出所看过，已采纳",
  entered: "派出所已另行登记，不用再报",
  dismissed: "派出所看过，不采纳",
  replaced: "改好后已重新登记，不用再报",
  kept: "派出所已裁定：以站里的为准",
  taken: "派出所已裁定：以手机上的为准",
};

/** Parts of a visit that stand in lists, and those there is one of. */
const PARTS: Readonly<Record<string, string>> = {
  calls: "入户走访",
  information: "信息通报",
  matters: "事项",
  warning: "治安预警",
  session: "宣传教育",
};

const FIELDS: Readonly<Record<string, string>> = {
  arrived_at: "到村时间",
  left_at: "离村时间",
  overnight_reason: "过夜原因",
  log: "工作日志",
  occurred_at: "时间",
  opened_at: "时间",
  at: "时间",
  staff_id: "人员",
  village_code: "村",
  household_id: "住户",
  hamlet_id: "小组",
  address: "门牌",
  visit_priority: "走访优先",
  visit_id: "所属的进村",
  unit_code: "接收单位",
  kind: "类别",
  subkind: "细类",
  level: "层级",
  place: "地点",
  text: "内容",
  summary: "情况",
  title: "标题",
  topic: "主题",
  published: "发布方式",
  audience: "听众",
  audience_count: "人数",
  reason: "原因",
  ...Object.fromEntries(QUESTIONS.map(({ name, label }) => [name, label])),
};

/** What a person decided, with the reason they gave; empty where nobody has. */
export function decisionWords(decision: Decision | null): string {
  if (decision === null) {
    return "";
  }
  const said = OUTCOMES[decision.outcome];
  return decision.reason ? `${said}（${decision.reason}）。` : `${said}。`;
}

/** What becomes of a photo that was not taken; empty where it did not go to the station. */
export function photoEnd({ held, decision }: Pick<Photo, "held" | "decision">): string {
  return held ? decisionWords(decision) || "照片已送到派出所，由派出所决定是否采纳。" : "";
}

/** What became of a line that was not done, in a sentence or two. */
export function refusalWords({ fate, mutation, problem, decision, final }: Untaken): string {
  const what = labelFor(mutation);
  if (decision !== null && !isDone(decision)) {
    return `${what}没有被采纳。${decisionWords(decision)}`;
  }
  const why = problem?.detail || problem?.title || "";
  if (fate === "refused") {
    return `${what}没有被采纳。${why}`;
  }
  const told = final
    ? "结果不会传到这部手机，要知道请问派出所。不再显示，派出所照样会处理。"
    : "结果同步后会显示。";
  return `${what}要由派出所裁定，${told}${why}`;
}

/** What the server found wrong: where it stands in the form, and what to do. */
export function faultsIn(
  problem: Problem | null,
  mutation: Mutation,
  addressOf: AddressOf,
): { readonly where: string; readonly advice: string }[] {
  const faults = problem?.["faults"];
  return (Array.isArray(faults) ? faults : []).map((fault: Body) => ({
    where: whereIn(String(fault["field"] ?? ""), mutation, addressOf),
    advice: String(fault["message"] ?? ""),
  }));
}

function whereIn(path: string, { body }: Mutation, addressOf: AddressOf): string {
  const names = path.split(".");
  const [first = "", place = ""] = names;
  const part = PARTS[first];
  const many = body[first];
  const one = Array.isArray(many) ? (many[Number(place)] as Body | undefined) : undefined;
  // Of an answer to a question its text is a fault of the question.
  const field = names.slice(part ? 1 : 0).flatMap((name) => FIELDS[name] ?? [])[0];
  return [part && partWords(part, Number(place), one, addressOf), field].filter(Boolean).join(" · ");
}

/** 入户走访第2户（桥头5号） */
function partWords(label: string, place: number, part: Body | undefined, addressOf: AddressOf): string {
  if (part === undefined) {
    return label;
  }
  if ("household_id" in part) {
    const address = addressOf(String(part["household_id"]));
    return `${label}第${place + 1}户${address && `（${address}）`}`;
  }
  return `${matterOf(part["kind"])?.label ?? label}第${place + 1}条`;
}
