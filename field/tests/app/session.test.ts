// The device as the page sees it, while it is bound.

import { beforeEach, expect, test, vi } from "vitest";
import { phase } from "../../src/app/phase";
import { bindAgain, lock, opened, refresh, syncNow, unlock, useSession } from "../../src/app/session";
import { settings } from "../../src/app/settings";
import { NewPassphraseError } from "../../src/core/leaving";
import { fingerprint } from "../../src/core/signing";
import type { Transport } from "../../src/core/transport";
import { PASSPHRASE } from "../devices";
import { lost, matter } from "../exchanges";
import { deviceHere, served, usePage } from "./page";
import { Station } from "../station";

usePage();

let station: Station;
/** The binding, and its answer let through. */
let binding: Promise<unknown>;
let answer: () => void;

beforeEach(async () => {
  station = await Station.open();
  await deviceHere();
  await unlock(PASSPHRASE);
  const opened = new Promise<void>((resolve) => (answer = resolve));
  let asked = (): void => undefined;
  const reached = new Promise<void>((resolve) => (asked = resolve));
  const slow: Transport = async (request) => {
    asked();
    await opened;
    return station.answer(request);
  };
  served(slow);
  binding = bindAgain({ code: station.invite(), fingerprint: await fingerprint(station.key) });
  await reached;
});

test("a phone that was bound goes on as the device it is now", async () => {
  answer();
  await binding;
  expect(phase.value).toBe("open");
  expect((await opened().state()).status).toBe("enrolled");
});

test("a phone locked while it was bound stays locked", async () => {
  lock();
  answer();
  await binding;
  expect(phase.value).toBe("locked");
});

test("a phone locked and unlocked while it was bound does not go on as the device it was", async () => {
  lock();
  await unlock(PASSPHRASE);
  expect(phase.value).toBe("open");
  answer();
  await binding;
  expect(phase.value).toBe("locked");
  await unlock(PASSPHRASE);
  expect((await opened().state()).status).toBe("enrolled");
});

test("what the phone sends once more is not counted as not sent", async () => {
  answer();
  await binding;
  const { again, unsent } = useSession();
  await syncNow();
  await matter(opened(), "taken");
  await syncNow();
  // Whatever the timer does meanwhile.
  served((request) => (request.path === "enrol" ? station.answer(request) : lost()));
  await matter(opened(), "waits");
  const counted = async () => {
    await refresh();
    return [unsent.value, again.value];
  };
  expect(await counted()).toEqual([1, 0]);
  const before = opened();
  await bindAgain({ code: station.invite(), fingerprint: await fingerprint(station.key) });
  expect(opened()).not.toBe(before);
  expect(await counted()).toEqual([1, 1]);
  served(station.transport);
  await syncNow();
  expect(await counted()).toEqual([0, 0]);
});

test("an exchange that breaks off on the phone is told, and breaks nothing that asked for it", async () => {
  answer();
  await binding;
  await syncNow();
  const { photos } = opened().store;
  const full = new DOMException("The quota has been exceeded.", "QuotaExceededError");
  // What is to be sent is read; whether a photo waits is not.
  const read = photos.where.bind(photos);
  const where = vi.spyOn(photos, "where").mockImplementationOnce(read);
  where.mockImplementationOnce(() => {
    throw full;
  });
  expect(await syncNow()).toEqual({ kind: "stopped", error: full });
  expect(useSession().outcome.value).toEqual({ kind: "stopped", error: full });
  where.mockRestore();
});

test("who takes the phone over has allowed nothing yet; whoever keeps it is asked nothing anew", async () => {
  const print = await fingerprint(station.key);
  const wang = { user_id: "w", name: "王芳", staff_id: "ws" };
  answer();
  await binding;
  settings.position = true;
  await bindAgain({ code: station.invite(), fingerprint: print });
  expect(settings.position).toBe(true);
  const theirs = { code: station.invite(wang), fingerprint: print };
  await expect(bindAgain(theirs)).rejects.toThrow(NewPassphraseError);
  expect(settings.position).toBe(true);
  await bindAgain(theirs, "王芳自己的一个口令");
  expect(settings.position).toBe(false);
  expect(phase.value).toBe("open");
  lock();
  await expect(unlock(PASSPHRASE)).rejects.toThrow();
  await unlock("王芳自己的一个口令");
});
