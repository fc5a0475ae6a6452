import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { IDBFactory } from "fake-indexeddb";
import { missing } from "../../src/app/checks";

/** A phone that lacks nothing: what Node has, and what only a page has. */
beforeEach(() => {
  vi.stubGlobal("isSecureContext", true);
  vi.stubGlobal("indexedDB", new IDBFactory());
  const storage = { persisted: () => Promise.resolve(true) };
  vi.stubGlobal("navigator", { serviceWorker: {}, locks: {}, storage });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

async function named(): Promise<string[]> {
  return (await missing()).map(({ name }) => name);
}

test("a phone that has all is not refused", async () => {
  expect(await named()).toEqual([]);
});

test.each(["CompressionStream", "DecompressionStream", "BroadcastChannel"])(
  "a browser without %s is refused before anything is recorded with it",
  async (name) => {
    vi.stubGlobal(name, undefined);
    Reflect.deleteProperty(globalThis, name);
    expect(await named()).toEqual(["current"]);
  },
);

test("so is one that cannot mend half a character", async () => {
  const held = Object.getOwnPropertyDescriptor(String.prototype, "toWellFormed");
  Reflect.deleteProperty(String.prototype, "toWellFormed");
  try {
    const [one] = await missing();
    expect(one).toMatchObject({ name: "current", advice: expect.stringContaining("16.4") as unknown });
  } finally {
    Object.defineProperty(String.prototype, "toWellFormed", held ?? {});
  }
});

test("each of the others is named", async () => {
  vi.stubGlobal("navigator", { storage: { persisted: () => Promise.resolve(false), persist: () => Promise.resolve(false) } });
  vi.stubGlobal("crypto", {});
  expect(await named()).toEqual(["worker", "crypto", "locks", "persist"]);
  vi.stubGlobal("isSecureContext", false);
  expect(await named()).toEqual(["secure"]);
});
