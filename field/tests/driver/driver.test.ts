// Phones of a model die at every point there is, and come back with what was committed.

import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { base64, fromBase64 } from "../../src/core/bytes";
import type { Mutation } from "../../src/core/protocol";
import { fingerprint } from "../../src/core/signing";
import { Driver } from "../../src/driver/driver";
import { bytesOf, CODE, Station } from "../station";

const VILLAGE = "411526000001";
const BODY = { id: "m", village_code: VILLAGE, summary: "灯不亮" };

interface Answer {
  readonly ok?: unknown;
  readonly crashed?: string;
  readonly error?: { readonly name: string };
}

interface Dump {
  readonly state: { readonly status: string; readonly made: number; readonly answered: number };
  readonly outbox: readonly { readonly state: string; readonly mutation: Mutation | null }[];
  readonly rows: readonly { readonly id: string }[];
  readonly drafts: readonly unknown[];
}

let folder: string;
let station: Station;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "phones-"));
  station = await Station.open();
  const changes = [{ row: "household", id: "h", version: "1", address: "一" }];
  station.scopes.set(VILLAGE, { epoch: "a", changes });
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Drive as another process would: lines in, lines out, the station at the other end of the pipe. */
function drive(): (said: object) => Promise<Answer> {
  const waiting = new Map<number, (answer: Answer) => void>();
  let count = 0;
  const say = async (line: string): Promise<void> => {
    const said = JSON.parse(line) as Record<string, unknown>;
    if (typeof said["request"] !== "number") {
      waiting.get(said["id"] as number)?.(said);
      return;
    }
    const { request, path, headers, body } = said;
    const asked = { path: String(path), headers: headers as Record<string, string> };
    const reply = await station.answer({ ...asked, body: fromBase64(String(body)) });
    const answer = { reply: request, status: reply.status, body: base64(await bytesOf(reply.body)) };
    await driver.take(JSON.stringify(answer));
  };
  const driver = new Driver({ folder, say: (line) => void say(line) });
  return (said) =>
    new Promise((resolve) => {
      count += 1;
      waiting.set(count, resolve);
      void driver.take(JSON.stringify({ id: count, phone: "a", ...said }));
    });
}

async function enrolled(): Promise<(said: object) => Promise<Answer>> {
  const act = drive();
  await act({ op: "create" });
  await act({ op: "enrol", code: CODE, fingerprint: await fingerprint(station.key) });
  return act;
}

async function dump(act: (said: object) => Promise<Answer>): Promise<Dump> {
  return (await act({ op: "dump" })).ok as Dump;
}

describe("a phone on a pipe", () => {
  it("comes back in another process with all it was told was saved", async () => {
    const act = await enrolled();
    await act({ op: "record", type: "matter", body: BODY });
    const visit = (await act({ op: "start_visit", visit: { village_code: VILLAGE, staff_id: "s" } })).ok;
    await act({ op: "add_to_visit", visit, part: "information", body: { text: "灯坏" } });
    await act({ op: "sync" });
    const before = await dump(act);
    const later = drive();
    expect(await later({ op: "open", passphrase: "not this one" })).toMatchObject({
      error: { name: "WrongPassphraseError" },
    });
    await later({ op: "open" });
    expect(await dump(later)).toMatchObject({ ...before, state: expect.anything() as unknown });
    expect(before).toMatchObject({ rows: [{ id: "h" }], outbox: [{ state: "accepted" }] });
    expect(before.drafts).toHaveLength(1);
  });

  it("has lost the save that died before its commit, and kept the one that died after", async () => {
    const act = await enrolled();
    const saved = { op: "record", type: "matter", body: BODY };
    const before = await act({ ...saved, crash: { point: "before-commit" } });
    expect(before).toMatchObject({ crashed: "before-commit" });
    expect(await act(saved)).toMatchObject({ error: { name: "Error" } });
    await act({ op: "open" });
    expect((await dump(act)).outbox).toEqual([]);
    await act({ ...saved, crash: { point: "after-commit" } });
    await act({ op: "open" });
    expect((await dump(act)).outbox).toHaveLength(1);
  });

  it.each(["before-commit", "after-commit", "before-send", "after-reply"])(
    "delivers once, wherever an exchange dies: %s",
    async (point) => {
      const act = await enrolled();
      await act({ op: "record", type: "matter", body: BODY });
      let deaths = 0;
      for (let at = 1; ; at += 1) {
        const { crashed } = await act({ op: "sync", crash: { point, at } });
        if (crashed === undefined) {
          break;
        }
        deaths += 1;
        await act({ op: "open" });
      }
      expect(deaths).toBeGreaterThan(0);
      expect(station.lines.map(({ mutation }) => mutation.body["id"])).toEqual(["m"]);
      const { state, outbox, rows } = await dump(act);
      expect([state.made, state.answered]).toEqual([1, 1]);
      expect([outbox.map((one) => one.state), rows.map(({ id }) => id)]).toEqual([["accepted"], ["h"]]);
    },
  );

  it.each([
    "drop_request",
    "drop_reply",
    "cut_request",
    "cut_reply",
    "flip_request",
    "flip_reply",
    "duplicate",
    "duplicate_first",
    "hold",
  ])("delivers once over a network that does %s to either request", async (kind) => {
    const act = await enrolled();
    await act({ op: "record", type: "matter", body: BODY });
    for (const at of [1, 2]) {
      await act({ op: "sync", faults: [{ at, kind, byte: 40 }] });
    }
    await act({ op: "record", type: "matter", body: { ...BODY, id: "n" } });
    await act({ op: "sync" });
    await act({ op: "release", order: "last" });
    expect(await act({ op: "sync" })).toMatchObject({ ok: { kind: "done" } });
    expect(station.lines.map(({ mutation }) => mutation.body["id"])).toEqual(["m", "n"]);
    const { outbox, rows } = await dump(act);
    expect(outbox.map(({ state }) => state)).toEqual(["accepted", "accepted"]);
    expect(rows.map(({ id }) => id)).toEqual(["h"]);
  });

  it("keeps its clock where it is put", async () => {
    const act = await enrolled();
    await act({ op: "sync" });
    const year = 365 * 24 * 3_600_000;
    expect(await act({ op: "clock", jump: -10 * year })).toMatchObject({
      ok: { now: Date.parse("2026-11-22T09:00:00+08:00") - 10 * year },
    });
    expect((await act({ op: "view", type: "household" })).ok).toEqual([]);
    await act({ op: "sync" });
    expect((await act({ op: "view", type: "household" })).ok).toHaveLength(1);
  });

  it("ignores the end of a journal that was cut within a transaction", async () => {
    const act = await enrolled();
    await act({ op: "record", type: "matter", body: BODY });
    const file = join(folder, "a", "journal");
    const whole = readFileSync(file).length;
    appendFileSync(file, Buffer.from([0, 0, 1, 0, 1, 2, 3]));
    const later = drive();
    await later({ op: "open" });
    expect((await dump(later)).outbox).toHaveLength(1);
    expect(readFileSync(file).length).toBeGreaterThan(whole - 1);
    await later({ op: "record", type: "matter", body: BODY });
    const last = drive();
    await last({ op: "open" });
    expect((await dump(last)).outbox).toHaveLength(2);
  });

  it("says what it does not understand", async () => {
    const act = drive();
    expect(await act({ op: "fly" })).toMatchObject({ error: { message: "no such command: fly" } });
    expect(await act({ op: "sync" })).toMatchObject({ error: { message: expect.stringContaining("off") as string } });
  });
});
