// One phone of a model: the shipped core on a store that outlives it, with a clock and a network
// that do what they are told to, and the power to die at a named point.

import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../core/clock";
import { createDevice, noteClock, unlockDevice } from "../core/device";
import { processLock } from "../core/lock";
import type { Upload } from "../core/photos/sending";
import type { Session, Surroundings } from "../core/session";
import { type CommitPoint, openJournalled } from "./journal";
import { type Fault, Network, type NetworkPoint, type Wire } from "./network";

export type Point = CommitPoint | NetworkPoint;

/** Die at the `at`-th time (from 1) that an act comes by this point. */
export interface Crash {
  readonly point: Point;
  readonly at?: number;
  /** Take the whole process along, as a kill of the program does. */
  readonly kill?: boolean;
}

export class CrashedError extends Error {
  constructor(readonly point: Point) {
    super(point);
  }
}

const JOURNAL = "journal";

/** What `kill -9` leaves as a status. */
const KILLED = 137;

export class SetClock implements Clock {
  constructor(
    private wall: number,
    private run = 0,
  ) {}

  now(): number {
    return this.wall;
  }

  elapsed(): number {
    return this.run;
  }

  /** Timers never ring: a model says itself when to exchange. */
  after(): () => void {
    return () => undefined;
  }

  pass(milliseconds: number): void {
    this.wall += milliseconds;
    this.run += milliseconds;
  }

  jump(milliseconds: number): void {
    this.wall += milliseconds;
  }
}

export class Phone {
  readonly clock: SetClock;
  readonly network: Network;
  private open: Session | null = null;
  private crash: Crash | null = null;
  private seen = 0;
  private died: (error: CrashedError) => void = () => undefined;

  constructor(
    private readonly folder: string,
    wire: Wire,
    readonly upload: Upload,
    now: number,
  ) {
    this.clock = new SetClock(now);
    this.network = new Network(wire);
    mkdirSync(folder, { recursive: true });
  }

  get session(): Session {
    if (this.open === null) {
      throw new Error("the phone is off: open it first");
    }
    return this.open;
  }

  async create(passphrase: string, iterations: number): Promise<void> {
    this.open = await createDevice(await this.surroundings(), passphrase, iterations);
  }

  async unlock(passphrase: string): Promise<void> {
    this.open = null;
    const session = await unlockDevice(await this.surroundings(), passphrase);
    await noteClock(session);
    this.open = session;
  }

  /** Become what another phone's folder holds; to be opened with its passphrase. */
  load(from: string): void {
    this.wipe();
    copyFileSync(join(from, JOURNAL), join(this.folder, JOURNAL));
  }

  replace(session: Session): void {
    this.open = session;
  }

  /** Switch off: what is not in the store is gone. */
  off(): void {
    this.open = null;
  }

  wipe(): void {
    this.open = null;
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
  }

  /** Do something that may die on the way. Throws CrashedError; the phone is off then. */
  async act<T>(crash: Crash | null, work: () => Promise<T>): Promise<T> {
    this.crash = crash;
    this.seen = 0;
    const death = new Promise<never>((_, reject) => {
      this.died = reject;
    });
    try {
      return await Promise.race([work(), death]);
    } finally {
      this.crash = null;
    }
  }

  transport(faults: readonly Fault[]): ReturnType<Network["transport"]> {
    const never = new Promise<void>(() => undefined);
    return this.network.transport(faults, (point) => (this.dies(point) ? never : Promise.resolve()));
  }

  private dies(point: Point): boolean {
    if (this.crash?.point !== point) {
      return false;
    }
    this.seen += 1;
    if (this.seen !== (this.crash.at ?? 1)) {
      return false;
    }
    if (this.crash.kill === true) {
      process.exit(KILLED);
    }
    this.open = null;
    this.died(new CrashedError(point));
    return true;
  }

  private async surroundings(): Promise<Surroundings> {
    const file = join(this.folder, JOURNAL);
    // Whoever died holds on to the store it had: a store of an earlier life writes nothing more.
    const life = Symbol("life");
    this.life = life;
    const dies = (point: CommitPoint): boolean => this.life !== life || this.dies(point);
    const store = await openJournalled("device", file, dies);
    return { store, clock: this.clock, lock: processLock() };
  }

  private life = Symbol("life");
}
