// What went wrong, as the officer reads it.

import { Dexie } from "dexie";
import { describe, expect, it, test } from "vitest";
import { wordsFor } from "../../src/app/problems";
import { OtherPersonError } from "../../src/core/leaving";
import { LostError } from "../../src/core/transport";

const FULL = new DOMException("The quota has been exceeded.", "QuotaExceededError");

describe("a full phone", () => {
  it.each<[string, unknown]>([
    ["as the browser says it", FULL],
    ["as the store says it", new Dexie.QuotaExceededError("full", FULL)],
    ["as a transaction that fell says it", new Dexie.AbortError("fell", FULL)],
    ["as one of many writes says it", new Dexie.BulkError("put", [FULL])],
  ])("is told what to do, %s", (_, error) => {
    expect(wordsFor(error)).toMatch(/手机存储已满.*腾出空间/);
  });

  it("is not what any fallen transaction means", () => {
    expect(wordsFor(new Dexie.AbortError("fell"))).not.toContain("已满");
    expect(wordsFor(new LostError("no answer"))).toContain("没有连上服务器");
  });
});

test("whoever binds a phone on which somebody else's work is left is told whose, what, and what to do", () => {
  const worker = { user_id: "u", name: "李明", staff_id: "s" };
  const other = { user_id: "w", name: "王芳", staff_id: "t" };
  const left = { lines: 3, visits: 0, photos: 2, forms: 0 };
  const words = wordsFor(new OtherPersonError(worker, other, left));
  expect(words).toContain("还有李明的3条没有传完的记录、2张照片，没有绑定给王芳，资料都没有动");
  expect(words).toContain("请李明先把记录传完");
});
