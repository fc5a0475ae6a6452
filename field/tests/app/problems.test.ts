// What went wrong, as the officer reads it.

import { Dexie } from "dexie";
import { describe, expect, it } from "vitest";
import { wordsFor } from "../../src/app/problems";
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
