import { expect, test } from "vitest";
import { faultIn, faultInLong, faultInRequired } from "../../src/app/texts";

test.each([
  "联系13812345678",
  "电话 138-1234-5678",
  "１３８１２３４５６７８",
  "证件 532323 19800101 001X",
  "座机0878‐5211234",
])("%s points to a person and is refused at once", (text) => {
  expect(faultIn(text)).toContain("不记个人信息");
});

test.each(["", "路灯12号不亮", "9月10日 08:30", "共有 1234 户"])("%s may be kept", (text) => {
  expect(faultIn(text)).toBe("");
});

test("what is too long says by how much", () => {
  expect(faultInLong("四个字多", 3)).toBe("最多写3字，请删去1字。");
  expect(faultInLong("三个字", 3)).toBe("");
  expect(faultInLong("13812345678", 20)).toContain("不记个人信息");
});

test("what must be there is asked for", () => {
  expect(faultInRequired("  ", "地点")).toBe("请填写地点。");
  expect(faultInRequired("桥头", "地点")).toBe("");
  expect(faultInRequired("13812345678", "地点")).toContain("不记个人信息");
});
