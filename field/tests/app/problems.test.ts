// What went wrong, as the officer reads it.

import { Dexie } from "dexie";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { wordsOf } from "../../src/app/photo_saving";
import { wordsFor } from "../../src/app/problems";
import { OtherPersonError } from "../../src/core/leaving";
import { NotHereError } from "../../src/core/changes";
import { NotEnrolledError, OtherDeviceError, OverrunError } from "../../src/core/session";
import { LostError, RefusedError } from "../../src/core/transport";
import { NoDraftError, VisitOverError } from "../../src/core/visits";

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

const CORE = new URL("../../src/core/", import.meta.url);
const LI_MING = { user_id: "u", name: "李明", staff_id: "s" };
/** Made as they are made; the others of a message alone. */
const MADE: Readonly<Record<string, Error>> = {
  RefusedError: new RefusedError(409, { type: "about:blank#1", title: "冲突", status: 409, detail: "已有人改过。" }),
  OtherPersonError: new OtherPersonError(LI_MING, { ...LI_MING, user_id: "w", name: "王芳" }, {
    lines: 1,
    again: 0,
    untaken: 0,
    visits: 0,
    photos: 0,
    forms: 0,
  }),
};

/** The error classes that the core's modules export. */
function errorsOfCore(): [file: string, name: string][] {
  const files = readdirSync(CORE, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  return files.flatMap((file) => {
    const text = readFileSync(new URL(file, CORE), "utf8");
    const names = [...text.matchAll(/^export class (\w+Error) extends/gm)].map(([, name]) => String(name));
    return names.map((name): [string, string] => [file, name]);
  });
}

const APP = new URL("../../src/app/", import.meta.url);

describe("a screen", () => {
  it("records nothing of which it could not say that it failed", () => {
    const files = readdirSync(APP, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".vue"));
    const bare = files.filter((file) => /\bact\(/.test(readFileSync(new URL(file, APP), "utf8")));
    expect(files.length).toBeGreaterThan(40);
    expect(bare).toEqual([]);
  });

  it("says of a visit that is over in another window that it was not given up", () => {
    expect(wordsFor(new VisitOverError("v"))).toMatch(/在别的窗口.*结束或者取消.*没有再改动/);
    expect(wordsFor(new NoDraftError("v"))).toMatch(/请另记一次进村/);
  });
});

describe("every error of the core", () => {
  it("is looked for where it is", () => {
    const names = errorsOfCore().map(([, name]) => name);
    expect(names).toEqual(expect.arrayContaining(["NotHereError", "OverrunError", "PlaceGoneError", "NotCleanError"]));
  });

  it.each(errorsOfCore())("has words that an officer can read: %s %s", async (file, name) => {
    const path = new URL(file, CORE).pathname;
    const { [name]: Kind } = (await import(/* @vite-ignore */ path)) as Record<string, new (said: string) => Error>;
    const error = MADE[name] ?? (Kind && new Kind("this device has none"));
    const words = wordsFor(error);
    expect(words).toMatch(/\p{Script=Han}.*。$/u);
    expect(words).not.toMatch(/[a-z]{2}|没有完成：/);
  });

  it("says of a matter that was closed meanwhile that it may be", () => {
    expect(wordsFor(new NotHereError("matter m"))).toMatch(/已经办结.*请联系派出所/);
  });

  it.each([OtherDeviceError, NotEnrolledError, OverrunError])("says of a photo that it was not kept", (Kind) => {
    const words = wordsOf(new Kind("…"), { beside: "record" });
    expect(words).toMatch(/照片没有保存.*重新拍/);
    expect(words).not.toContain("还在");
  });
});

test("what nobody thought of says what to do, and is told for whoever is asked", () => {
  expect(wordsFor(new Error("boom"))).toBe("没有完成，请再试一次；仍不行请联系县局，并说明：boom");
  expect(wordsFor(new Error("工作日志写满了，请先结束这次进村。"))).toBe("没有完成：工作日志写满了，请先结束这次进村。");
});

test("whoever binds a phone on which somebody else's work is left is told whose, what, and what to do", () => {
  const worker = { user_id: "u", name: "李明", staff_id: "s" };
  const other = { user_id: "w", name: "王芳", staff_id: "t" };
  const left = { lines: 3, again: 0, untaken: 0, visits: 0, photos: 2, forms: 0 };
  const words = wordsFor(new OtherPersonError(worker, other, left));
  expect(words).toContain("还有李明的3条没有传完的记录、2张照片，没有绑定给王芳，资料都没有动");
  expect(words).toContain("请李明先把记录传完");
  expect(words).not.toContain("我的记录");
  const untaken = wordsFor(new OtherPersonError(worker, other, { ...left, lines: 0, untaken: 2 }));
  expect(untaken).toContain("还有李明的2条没有采纳或者还没有处理的记录、2张照片");
  expect(untaken).toMatch(/“我的记录”里.*派出所还没有处理的，等处理以后/);
});
