import { describe, expect, it } from "vitest";
import { decisionWords, faultsIn, photoEnd, refusalWords } from "../../src/app/refusals";
import type { Decision } from "../../src/core/decisions";
import type { Untaken } from "../../src/core/fates";
import type { Mutation, Problem } from "../../src/core/protocol";

const BODY = {
  calls: [{ household_id: "h1" }, { household_id: "h2" }],
  matters: [{ kind: "hazard" }],
};
const VISIT = { type: "visit_entry", body: BODY } as unknown as Mutation;

function problemOf(...faults: [string, string][]): Problem {
  const said = faults.map(([field, message]) => ({ field, message, row: null }));
  return { type: "about:blank#42201", title: "填写有误", status: 422, detail: "有内容需要修改。", faults: said };
}

function line(changes: Partial<Untaken> = {}): Untaken {
  const problem = problemOf();
  return { n: 1, fate: "refused", mutation: VISIT, problem, decision: null, mendable: true, final: true, record: null, ...changes };
}

function decided(outcome: Decision["outcome"], reason = "到村核对"): Decision {
  return { outcome, reason, by: "王所长" };
}

describe("what is wrong in a line", () => {
  const addressOf = (id: string): string => (id === "h2" ? "桥头5号" : "");

  it.each([
    ["staff_id", "人员"],
    ["arrived_at", "到村时间"],
    ["calls.1.household_id", "入户走访第2户（桥头5号） · 住户"],
    ["calls.0.security.text", "入户走访第1户 · 治安状况"],
    ["information.text", "信息通报 · 内容"],
    ["matters.0.place", "安全隐患第1条 · 地点"],
    ["warning.title", "治安预警 · 标题"],
    ["details.log", "工作日志"],
    ["calls.7.occurred_at", "入户走访 · 时间"],
    ["something_new", ""],
  ])("is placed: %s is %s", (field, where) => {
    const [fault] = faultsIn(problemOf([field, "请核对。"]), VISIT, addressOf);
    expect(fault).toEqual({ where, advice: "请核对。" });
  });

  it("is nothing where the server named nothing", () => {
    const bare: Problem = { type: "about:blank#40901", title: "冲突", status: 409, detail: "已有一条。" };
    expect(faultsIn(bare, VISIT, addressOf)).toEqual([]);
    expect(faultsIn(null, VISIT, addressOf)).toEqual([]);
  });
});

describe("what became of a line", () => {
  it.each([
    [line(), "进村工作没有被采纳。有内容需要修改。"],
    [line({ fate: "undecided", problem: null, final: false }), "进村工作要由派出所裁定，结果同步后会显示。"],
    [
      line({ fate: "undecided", problem: null }),
      "进村工作要由派出所裁定，结果不会传到这部手机，要知道请问派出所。不再显示，派出所照样会处理。",
    ],
    [line({ decision: decided("dismissed") }), "进村工作没有被采纳。派出所看过，不采纳（到村核对）。"],
    [line({ decision: decided("entered") }), "进村工作没有被采纳。派出所已另行登记，不用再报（到村核对）。"],
    [line({ decision: decided("kept") }), "进村工作没有被采纳。派出所已裁定：以站里的为准（到村核对）。"],
  ])("is said in words", (said, words) => {
    expect(refusalWords(said)).toBe(words);
  });

  it("is said where it was done after all, and not where nobody has decided", () => {
    expect(decisionWords(decided("applied"))).toBe("派出所看过，已采纳（到村核对）。");
    expect(decisionWords(decided("taken", ""))).toBe("派出所已裁定：以手机上的为准。");
    expect(decisionWords(null)).toBe("");
  });
});

describe("a photo that was not taken", () => {
  it("is said to be decided about at the station until it was, and then how", () => {
    expect(photoEnd({ held: true, decision: null })).toMatch(/由派出所决定是否采纳。$/);
    expect(photoEnd({ held: true, decision: decided("dismissed") })).toBe("派出所看过，不采纳（到村核对）。");
  });

  it("that is here alone is decided about by nobody", () => {
    expect(photoEnd({ held: false, decision: decided("applied") })).toBe("");
  });
});
