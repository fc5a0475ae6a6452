// A page without a browser: what the app asks of one, for tests of what is behind its screens.

import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { createRenderer } from "vue";
import { afterAll, afterEach, beforeEach, vi } from "vitest";
import { lock } from "../../src/app/session";
import { surroundings } from "../../src/app/device";
import { createDevice } from "../../src/core/device";
import { processLock } from "../../src/core/lock";
import type { Session } from "../../src/core/session";
import type { Request, Transport } from "../../src/core/transport";
import { PASSPHRASE, ROUNDS } from "../devices";

const IDLE_MS = 700;
const SYNC = "/sync/v1/";

/** The page of every test of a file: a store of its own, and no device on it yet. */
export function usePage(): void {
  beforeEach(async () => {
    vi.stubGlobal("indexedDB", new IDBFactory());
    vi.stubGlobal("IDBKeyRange", IDBKeyRange);
    vi.stubGlobal("window", {});
    vi.stubGlobal("location", { origin: "https://station.test" });
    vi.stubGlobal("navigator", { userAgent: "test", locks: locks() });
    await surroundings().store.open();
  });
  afterEach(async () => {
    lock();
    await surroundings().store.delete();
  });
  afterAll(async () => {
    // What an unlocked page does when it has nothing better to do asks the page as well.
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    vi.unstubAllGlobals();
  });
}

/** A device on the page, with a passphrase that is tried quickly. */
export function deviceHere(): Promise<Session> {
  return createDevice(surroundings(), PASSPHRASE, ROUNDS);
}

/** What the page asks its server goes this way. */
export function served(by: Transport): void {
  vi.stubGlobal("fetch", async (url: string, { headers, body }: Request): Promise<Response> => {
    const path = new URL(url).pathname.slice(SYNC.length);
    const reply = await by({ path, headers, body });
    return new Response(reply.body, { status: reply.status });
  });
}

/** A screen with nothing on it: what its setup gives, and how to leave it. */
export function screenOf<T>(setup: () => T): { readonly given: T; readonly leave: () => void } {
  const given: T[] = [];
  const app = createRenderer(NOTHING_SHOWN).createApp({
    setup: () => {
      given.push(setup());
      return () => null;
    },
  });
  app.mount({});
  return { given: given[0] as T, leave: () => app.unmount() };
}

const nothing = (): void => undefined;
const node = (): object => ({});
const NOTHING_SHOWN = {
  patchProp: nothing,
  insert: nothing,
  remove: nothing,
  createElement: node,
  createText: node,
  createComment: node,
  setText: nothing,
  setElementText: nothing,
  parentNode: () => null,
  nextSibling: () => null,
};

function locks() {
  const held = processLock();
  return { request: <T>(name: string, work: () => Promise<T>): Promise<T> => held.run(name, work) };
}
