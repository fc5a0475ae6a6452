import { describe, expect, it } from "vitest";
import { fromHex, utf8 } from "../../src/core/bytes";
import { genesis, nextHash } from "../../src/core/chain";
import { isoOf } from "../../src/core/clock";
import { unlockDevice } from "../../src/core/device";
import { lineBytes, outboxOf } from "../../src/core/outbox";
import { LineTooLongError, record } from "../../src/core/recording";
import { HandClock, newSession, PASSPHRASE, surroundings } from "../devices";

const SEEN = { at: "2026-11-22T09:00:00+08:00" };

describe("recording", () => {
  it("chains the lines in the order they were saved, even all at once", async () => {
    const session = await newSession();
    const saved = await Promise.all(Array.from({ length: 20 }, () => record(session, "seen", SEEN)));
    expect(saved.map(({ n }) => n)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    let previous = await genesis(session.deviceId);
    for (const row of await session.store.outbox.toArray()) {
      const line = await lineBytes(session, row);
      const salt = (JSON.parse(Buffer.from(line ?? "").toString()) as { salt: string }).salt;
      previous = await nextHash(previous, salt, line ?? utf8(""));
      expect(row.hash).toBe(previous);
      expect(fromHex(salt)).toHaveLength(16);
    }
    expect((await session.state()).head).toBe(previous);
  });

  it("writes line and state together or not at all", async () => {
    const session = await newSession();
    const broken = record(session, "seen", SEEN, () => Promise.reject(new Error("disk full")));
    await expect(broken).rejects.toThrow("disk full");
    expect(await outboxOf(session)).toEqual([]);
    expect((await session.state()).made).toBe(0);
    expect((await record(session, "seen", SEEN)).n).toBe(1);
  });

  it("gives no number twice when the lock does not hold, or another tab has written", async () => {
    const around = surroundings();
    const free = { run: <T>(_: string, work: () => Promise<T>) => work() };
    const session = await newSession({ ...around, lock: free });
    const tabs = [session, await unlockDevice({ ...around, lock: free }, PASSPHRASE)];
    const saves = [...tabs, ...tabs].map((tab) => record(tab, "seen", SEEN));
    expect((await Promise.all(saves)).map(({ n }) => n).toSorted()).toEqual([1, 2, 3, 4]);
    expect((await outboxOf(session)).map(({ n }) => n)).toEqual([1, 2, 3, 4]);
    expect(await tabs[1]?.state()).toMatchObject({ made: 4 });
  });

  it("keeps a line within one line, and within what UTF-8 can say", async () => {
    const session = await newSession();
    await record(session, "matter", { summary: "一行\n两行\u2028 \ud83c 半个" });
    const [row] = await session.store.outbox.toArray();
    const text = Buffer.from((row && (await lineBytes(session, row))) ?? "").toString();
    expect(text).not.toContain("\n");
    expect((JSON.parse(text) as { body: unknown }).body).toEqual({
      summary: "一行\n两行\u2028 \ufffd 半个",
    });
  });

  it("refuses a line no push could carry", async () => {
    const session = await newSession();
    const long = record(session, "matter", { summary: "字".repeat(400_000) });
    await expect(long).rejects.toThrow(LineTooLongError);
    expect((await session.state()).made).toBe(0);
  });

  it("writes the clock as it stands, within what a date can say", async () => {
    const clock = new HandClock(Date.parse("2031-01-01T00:00:00Z"));
    const session = await newSession(surroundings(clock));
    await record(session, "seen", SEEN);
    const [entry] = await outboxOf(session);
    expect(entry?.mutation?.saved_at).toBe("2031-01-01T08:00:00.000+08:00");
    expect(isoOf(-8.64e15)).toBe("1970-01-02T08:00:00.000+08:00");
    expect(isoOf(8.64e15)).toBe("9998-12-31T08:00:00.000+08:00");
  });
});
