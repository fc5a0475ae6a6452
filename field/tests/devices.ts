// Devices as tests need them: in memory, with a clock that stands where it is put.

import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import type { Clock } from "../src/core/clock";
import { createDevice } from "../src/core/device";
import { enrol } from "../src/core/enrolling";
import { processLock } from "../src/core/lock";
import type { Session, Surroundings } from "../src/core/session";
import { fingerprint } from "../src/core/signing";
import { Store } from "../src/core/store";
import type { Transport } from "../src/core/transport";
import { CODE, type Station } from "./station";

export const PASSPHRASE = "潢川一村一警 2021";
/** Few, so that tests are quick; what a guess costs is not what they ask. */
export const ROUNDS = 10;

export class HandClock implements Clock {
  private readonly waiting: { at: number; then: () => void }[] = [];

  constructor(
    public wall = Date.parse("2026-11-22T09:00:00+08:00"),
    public run = 0,
  ) {}

  now(): number {
    return this.wall;
  }

  elapsed(): number {
    return this.run;
  }

  after(milliseconds: number, then: () => void): () => void {
    const timer = { at: this.run + milliseconds, then };
    this.waiting.push(timer);
    return () => {
      const at = this.waiting.indexOf(timer);
      if (at >= 0) {
        this.waiting.splice(at, 1);
      }
    };
  }

  /** How long until the next timer; undefined where none waits. */
  get next(): number | undefined {
    const times = this.waiting.map(({ at }) => at - this.run);
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  /** Time passes: the clock and the program's own time together. */
  pass(milliseconds: number): void {
    this.wall += milliseconds;
    this.run += milliseconds;
    for (const timer of this.waiting.filter(({ at }) => at <= this.run)) {
      this.waiting.splice(this.waiting.indexOf(timer), 1);
      timer.then();
    }
  }
}

export interface Surrounded extends Surroundings {
  readonly clock: HandClock;
}

export function surroundings(clock = new HandClock()): Surrounded {
  const platform = { indexedDB: new IDBFactory(), IDBKeyRange };
  return { store: new Store("device", platform), clock, lock: processLock() };
}

export async function newSession(around: Surroundings = surroundings()): Promise<Session> {
  return createDevice(around, PASSPHRASE, ROUNDS);
}

export async function enrolled(station: Station, around = surroundings()): Promise<Session> {
  return bound(station, await newSession(around), { code: CODE });
}

/** Bind a device, anew where it was bound; with a new code for the same person unless told otherwise. */
export async function bound(
  station: Station,
  session: Session,
  {
    code = station.invite(),
    transport = station.transport,
    passphrase = null,
  }: { code?: string; transport?: Transport; passphrase?: string | null } = {},
): Promise<Session> {
  const invitation = { code, fingerprint: await fingerprint(station.key) };
  return enrol(session, transport, invitation, { app: "0", platform: "test" }, passphrase);
}
