import { describe, expect, it } from "vitest";
import { hex, textOf, utf8 } from "../../src/core/bytes";
import { changePassphrase, createDevice, unlockDevice } from "../../src/core/device";
import { record } from "../../src/core/recording";
import {
  newDataKey,
  PassphraseTooShortError,
  Sealer,
  unwrapKey,
  wrapKey,
  WrongPassphraseError,
} from "../../src/core/sealing";
import { addToVisit, startVisit } from "../../src/core/visits";
import { newSession, PASSPHRASE, ROUNDS, surroundings } from "../devices";

describe("a sealer", () => {
  it("opens what it sealed, at the place it was sealed for", async () => {
    const sealer = await Sealer.of(newDataKey());
    const sealed = await sealer.seal("row/1", utf8("王家门前"));
    expect(textOf(await sealer.open("row/1", sealed))).toBe("王家门前");
    await expect(sealer.open("row/2", sealed)).rejects.toThrow();
  });

  it("opens nothing that was altered, and nothing of another key", async () => {
    const [sealer, other] = [await Sealer.of(newDataKey()), await Sealer.of(newDataKey())];
    const sealed = await sealer.seal("a", utf8("x"));
    await expect(other.open("a", sealed)).rejects.toThrow();
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
    await expect(sealer.open("a", sealed)).rejects.toThrow();
  });

  it("never seals the same bytes to the same bytes", async () => {
    const sealer = await Sealer.of(newDataKey());
    const twice = await Promise.all([sealer.seal("a", utf8("x")), sealer.seal("a", utf8("x"))]);
    expect(hex(twice[0])).not.toBe(hex(twice[1]));
  });
});

describe("a passphrase", () => {
  it("opens the data key, however its characters were composed", async () => {
    const key = newDataKey();
    const wrapped = await wrapKey(key, "cafe\u0301 12345", ROUNDS);
    expect(hex(await unwrapKey(wrapped, "caf\u00e9 12345"))).toBe(hex(key));
    await expect(unwrapKey(wrapped, "cafe 12345")).rejects.toThrow(WrongPassphraseError);
  });

  it("has eight characters at least", async () => {
    await expect(wrapKey(newDataKey(), "七个字的口令词", ROUNDS)).rejects.toThrow(
      PassphraseTooShortError,
    );
  });

  it("can be changed without touching what is sealed", async () => {
    const around = surroundings();
    const session = await newSession(around);
    await record(session, "seen", { at: "2026-11-22T09:00:00+08:00" });
    const passphrases = { old: PASSPHRASE, new: "另外一句很长的口令" };
    await changePassphrase(around, passphrases, ROUNDS);
    await expect(unlockDevice(around, PASSPHRASE)).rejects.toThrow(WrongPassphraseError);
    expect((await (await unlockDevice(around, passphrases.new)).state()).made).toBe(1);
  });
});

describe("what lies in the store", () => {
  it("tells nothing that was written, nor a key", async () => {
    const around = surroundings();
    const session = await newSession(around);
    const visit = await startVisit(session, { village_code: "411526000001", staff_id: "s" });
    await addToVisit(session, visit, "matters", { summary: "SECRET-WORDS", place: "桥头" });
    await record(session, "matter", { summary: "SECRET-WORDS" });
    for (const table of around.store.tables) {
      const text = JSON.stringify(await table.toArray(), (_, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value,
      );
      expect(text).not.toContain("SECRET-WORDS");
      expect(text).not.toContain("411526000001");
      // PKCS #8 of an EC key begins with the algorithm's name.
      expect(text).not.toContain(Buffer.from("2a8648ce3d0201", "hex").toString("latin1"));
    }
  });

  it("is one device only: a second is not made over it", async () => {
    const around = surroundings();
    const first = await newSession(around);
    await expect(createDevice(around, PASSPHRASE, ROUNDS)).rejects.toThrow();
    expect((await unlockDevice(around, PASSPHRASE)).deviceId).toBe(first.deviceId);
  });
});
