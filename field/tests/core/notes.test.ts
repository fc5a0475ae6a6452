// Forms half filled in, and the other way to open a device.

import { describe, expect, it, vi } from "vitest";
import {
  addSecret,
  changePassphrase,
  dropSecret,
  otherOpener,
  unlockBySecret,
  unlockDevice,
} from "../../src/core/device";
import { dropNote, formsKept, keepNote, Note, noteOf } from "../../src/core/notes";
import { record } from "../../src/core/recording";
import { random, WrongPassphraseError } from "../../src/core/sealing";
import {
  abandonVisit,
  addToVisit,
  draftsOf,
  dropFromVisit,
  finishVisit,
  startVisit,
} from "../../src/core/visits";
import { bound, enrolled, newSession, PASSPHRASE, ROUNDS, surroundings, type Surrounded } from "../devices";
import { VILLAGE } from "../exchanges";
import { Station } from "../station";

describe("a form half filled in", () => {
  it("outlives the lock, sealed, until it is done", async () => {
    const around = surroundings();
    const session = await newSession(around);
    await keepNote(session, "call/1", { text: "水库坝上" });
    const [row] = await around.store.notes.toArray();
    expect(new TextDecoder().decode(row?.sealed)).not.toContain("水库");
    const again = await unlockDevice(around, PASSPHRASE);
    expect(await noteOf(again, "call/1")).toEqual({ text: "水库坝上" });
    await dropNote(again, "call/1");
    expect(await noteOf(again, "call/1")).toBeUndefined();
  });
});

describe("a form that is saved", () => {
  async function filledIn() {
    const around = surroundings();
    const session = await newSession(around);
    const visit = await startVisit(session, { village_code: VILLAGE, staff_id: "s" });
    const values = { text: "灯不亮" };
    const note = new Note(session, "information/1", () => (values.text === "" ? undefined : values));
    await note.keep();
    return { around, session, visit, values, note };
  }

  it("is gone in the moment its part is written, should the phone die just then", async () => {
    const { around, session, visit, values, note } = await filledIn();
    const seen: unknown[] = [];
    await note.become((also) =>
      addToVisit(session, visit, "information", values, async (store) => {
        // Not yet: what is not written together may be written apart.
        seen.push(await store.notes.count());
        await also(store);
      }),
    );
    const again = await unlockDevice(around, PASSPHRASE);
    expect(seen).toEqual([1]);
    expect(await noteOf(again, "information/1")).toBeUndefined();
    expect((await draftsOf(again))[0]?.information).toHaveLength(1);
  });

  it("is gone with a line in the same way", async () => {
    const { session, values, note } = await filledIn();
    await note.become((also) => record(session, "work_record", { id: "a", ...values }, also));
    expect(await noteOf(session, "information/1")).toBeUndefined();
  });

  it("stays, and goes on being kept, where the writing fails", async () => {
    const { session, visit, values, note } = await filledIn();
    const full = (): never => {
      throw new DOMException("full", "QuotaExceededError");
    };
    const saving = note.become((also) =>
      addToVisit(session, visit, "information", values, async (store) => {
        await also(store);
        full();
      }),
    );
    await expect(saving).rejects.toThrow("full");
    expect((await draftsOf(session))[0]?.information).toEqual([]);
    values.text = "灯还是不亮";
    await note.keep();
    expect(await noteOf(session, "information/1")).toEqual(values);
  });

  it("is not kept by what was on its way when it was saved", async () => {
    const { session, visit, values, note } = await filledIn();
    void note.keep();
    await note.become((also) => addToVisit(session, visit, "information", values, also));
    await note.keep();
    expect(await noteOf(session, "information/1")).toBeUndefined();
  });

  it("is not kept while it says nothing", async () => {
    const { session, values, note } = await filledIn();
    values.text = "";
    await note.keep();
    expect(await noteOf(session, "information/1")).toBeUndefined();
  });
});

describe("the forms of a visit", () => {
  async function halfFilled() {
    const session = await newSession();
    const begun = { village_code: VILLAGE, staff_id: "s" };
    const [visit, other] = [await startVisit(session, begun), await startVisit(session, begun)];
    const kinds = ["hazard", "warning", "session", "unlisted", "finish"];
    const names = [`call/${visit}/h`, ...kinds.map((kind) => `${kind}/${visit}`)];
    for (const name of [...names, `call/${other}/h`, `information/${VILLAGE}`]) {
      await keepNote(session, name, { text: "灯" });
    }
    return { session, visit, other };
  }

  it.each([
    ["finished", finishVisit],
    ["given up", abandonVisit],
  ])("go with it when it is %s, and no others", async (_, end) => {
    const { session, visit, other } = await halfFilled();
    await end(session, visit);
    const left = await session.store.notes.toCollection().primaryKeys();
    expect(left).toEqual([`call/${other}/h`, `information/${VILLAGE}`]);
    expect(await formsKept(session.store)).toBe(2);
  });

  it("stay where it cannot be finished", async () => {
    const { session, visit } = await halfFilled();
    const full = (): never => {
      throw new DOMException("full", "QuotaExceededError");
    };
    await expect(finishVisit(session, visit, {}, full)).rejects.toThrow("full");
    expect(await formsKept(session.store)).toBe(8);
  });
});

describe("a secret beside the passphrase", () => {
  const hint = { credential: "c", salt: "s" };

  it("opens the device, also after the passphrase was changed", async () => {
    const around = surroundings();
    const session = await newSession(around);
    const secret = random(32);
    expect(await otherOpener(around)).toBeNull();
    await addSecret(around, PASSPHRASE, { secret, hint });
    expect(await otherOpener(around)).toEqual(hint);
    await changePassphrase(around, { old: PASSPHRASE, new: "另一个口令 2026" }, ROUNDS);
    expect((await unlockBySecret(around, secret)).deviceId).toBe(session.deviceId);
  });

  it("is not taken without the passphrase, nor is another", async () => {
    const around = surroundings();
    await newSession(around);
    const secret = random(32);
    await expect(addSecret(around, "不是这个口令", { secret, hint })).rejects.toThrow(
      WrongPassphraseError,
    );
    await expect(unlockBySecret(around, secret)).rejects.toThrow(WrongPassphraseError);
    await addSecret(around, PASSPHRASE, { secret, hint });
    await expect(unlockBySecret(around, random(32))).rejects.toThrow(WrongPassphraseError);
  });

  it("opens nothing once it was dropped", async () => {
    const around = surroundings();
    await newSession(around);
    const secret = random(32);
    await addSecret(around, PASSPHRASE, { secret, hint });
    await dropSecret(around);
    expect(await otherOpener(around)).toBeNull();
    await expect(unlockBySecret(around, secret)).rejects.toThrow(WrongPassphraseError);
    await unlockDevice(around, PASSPHRASE);
  });
});

describe("a phone bound anew while its passphrase is being changed in another tab", () => {
  const OTHER = "另一个口令 2026";

  /** What takes so long is deriving the new key; this is done while it is. */
  async function whileDeriving(change: () => Promise<void>, meanwhile: () => Promise<unknown>): Promise<void> {
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    const { subtle } = crypto;
    const derive = subtle.deriveKey.bind(subtle);
    const slow = vi.spyOn(subtle, "deriveKey").mockImplementationOnce(async (...said) => {
      await opened;
      return derive(...said);
    });
    const changing = change();
    // It is looked at at once, and may fail before anybody waits for it.
    changing.catch(() => undefined);
    await vi.waitFor(() => expect(slow).toHaveBeenCalled());
    try {
      await meanwhile();
    } finally {
      slow.mockRestore();
      open();
    }
    await changing;
  }

  const changed = (around: Surrounded) => (): Promise<void> =>
    changePassphrase(around, { old: PASSPHRASE, new: OTHER }, ROUNDS);

  it("is the device it was bound as, by the new passphrase", async () => {
    const station = await Station.open();
    const around = surroundings();
    const session = await enrolled(station, around);
    await whileDeriving(changed(around), () => bound(station, session));
    const again = await unlockDevice(around, OTHER);
    expect(again.deviceId).not.toBe(session.deviceId);
    expect((await again.state()).status).toBe("enrolled");
  });

  it("stays with whoever has it by then", async () => {
    const station = await Station.open();
    const around = surroundings();
    const session = await enrolled(station, around);
    const code = station.invite({ user_id: "w", name: "王芳", staff_id: "ws" });
    const hers = "王芳自己的一个口令";
    const binding = (): Promise<unknown> => bound(station, session, { code, passphrase: hers });
    await expect(whileDeriving(changed(around), binding)).rejects.toThrow(WrongPassphraseError);
    await expect(unlockDevice(around, OTHER)).rejects.toThrow(WrongPassphraseError);
    await (await unlockDevice(around, hers)).state();
  });
});

describe("a part of a visit", () => {
  it("is taken out again, and nothing else with it", async () => {
    const session = await newSession();
    const visit = await startVisit(session, { village_code: VILLAGE, staff_id: "s" });
    const call = await addToVisit(session, visit, "calls", { household_id: "h" });
    const other = await addToVisit(session, visit, "calls", { household_id: "i" });
    const warning = await addToVisit(session, visit, "warning", { title: "防火" });
    await dropFromVisit(session, visit, call);
    const [draft] = await draftsOf(session);
    expect(draft?.calls.map(({ id }) => id)).toEqual([other]);
    expect(draft?.warning?.["id"]).toBe(warning);
    await dropFromVisit(session, visit, warning);
    expect((await draftsOf(session))[0]).not.toHaveProperty("warning");
  });
});
