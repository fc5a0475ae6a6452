// An unlocked device: its keys in memory, and the one way to change what it holds.

import type { Bytes } from "./bytes";
import type { Clock } from "./clock";
import { type Contact, type LeaseState, Watch } from "./lease";
import type { Lock } from "./lock";
import type { Anchor, Person, Witness } from "./protocol";
import { Sealer } from "./sealing";
import { type StateRow, type Store, type TableName, TABLES } from "./store";

/** `outdated`: the server no longer reads this app's schema. `forked`: its chain cannot go on
 * from what the server holds. `revoked`: the station has withdrawn it. */
export type Status = "new" | "enrolled" | "outdated" | "forked" | "revoked";

export interface Enrolment {
  readonly token: string;
  readonly person: Person;
  readonly serverKey: string;
}

export interface State {
  /** Whose state this is; states written by older versions do not say. */
  readonly device?: string;
  readonly status: Status;
  readonly enrolment: Enrolment | null;
  /** Number and hash of the last line made here. */
  readonly made: number;
  readonly head: string;
  /** Number of the last line the server has answered. */
  readonly answered: number;
  readonly anchor: Anchor | null;
  readonly contact: Contact | null;
  readonly witness: Witness | null;
  /** The server has said that it does not know this device: it was put back to before the device was bound. */
  readonly unknown?: true;
  /** What a withdrawn device hands over with: its token, and the key it seals to. */
  readonly withdrawn?: Pick<Enrolment, "token" | "serverKey"> | null;
  /** Whose the work on a withdrawn device is, once it is enrolled for nobody. */
  readonly worker?: Person | null;
}

/** What a change comes to: the state after it, what to write with it, what to tell the caller. */
export interface Change<T> {
  readonly state: State;
  readonly write: (store: Store) => PromiseLike<unknown>;
  readonly value: T;
  /** What the state is sealed by from then on, where that becomes another. */
  readonly sealer?: Sealer;
}

export interface Surroundings {
  readonly store: Store;
  readonly clock: Clock;
  readonly lock: Lock;
  /** The version of the app, for the station to know which are in use. */
  readonly app?: string;
}

/** Others write all the time between plan and writing: the lock is not doing its work. */
export class OverrunError extends Error {}
export class NotEnrolledError extends Error {}
/** The store was bound anew: it is another device's, and this one's keys and answers are worth nothing. */
export class OtherDeviceError extends Error {}
class StaleError extends Error {}

const STATE = "state";
/** How often a plan is made anew because another tab was faster. */
const MOST_TURNS = 5;

interface Known {
  readonly rev: number;
  readonly state: State;
}

export class Session {
  readonly watch: Watch;
  /** The state as it was last read or written here; opening it for every save would cost too much. */
  private known: Known | null = null;

  constructor(
    private readonly surroundings: Surroundings,
    readonly deviceId: string,
    readonly data: Sealer,
    readonly signing: CryptoKey,
  ) {
    this.watch = new Watch(surroundings.clock);
  }

  get store(): Store {
    return this.surroundings.store;
  }

  get app(): string | undefined {
    return this.surroundings.app;
  }

  get clock(): Clock {
    return this.surroundings.clock;
  }

  /** Run alone among all that share this device's store. */
  alone<T>(what: string, work: () => Promise<T>): Promise<T> {
    return this.surroundings.lock.run(`${this.store.name}/${what}`, work);
  }

  /** The same store under another device's name, and sealed by another key where that changed. */
  as(deviceId: string, signing: CryptoKey, data: Sealer): Session {
    return new Session(this.surroundings, deviceId, data, signing);
  }

  async state(): Promise<State> {
    return (await this.read()).state;
  }

  async lease(): Promise<LeaseState> {
    return this.watch.lease((await this.state()).contact);
  }

  /** Plan, then write state and all that goes with it in one durable transaction over the tables
   * `on`. A plan may be asked for again, so it changes nothing itself. Throws OtherDeviceError. */
  change<T>(
    plan: (state: State) => Promise<Change<T>>,
    on: readonly TableName[] = TABLES,
  ): Promise<T> {
    return this.alone("write", async () => {
      for (let turn = 0; turn < MOST_TURNS; turn += 1) {
        const known = this.known ?? (await this.read());
        const change = await plan(known.state);
        if (await this.write(known.rev, change, on)) {
          return change.value;
        }
        // Another tab has written since: what is remembered here is old.
        this.known = null;
      }
      throw new OverrunError("the device's state changes under every plan");
    });
  }

  /** Write a change of the state numbered `rev`; false, and nothing written, if it is no longer. */
  private async write(
    rev: number,
    { state, write, sealer = this.data }: Change<unknown>,
    on: readonly TableName[],
  ): Promise<boolean> {
    const contact = state.contact && this.watch.look(state.contact);
    const next = { rev: rev + 1, state: { ...state, contact } };
    // Nothing but IndexedDB may be awaited inside: a transaction ends when it is left waiting.
    const sealed = await sealState(sealer, next.state);
    const written = await this.store
      .transaction("rw", on, async () => {
        const { state: table } = this.store;
        // All are asked for at once: on a slow phone each answer that is waited for costs a turn. An
        // older state takes back what was written over it.
        const before = table.get(STATE).then((row) => row?.rev === rev || Promise.reject(new StaleError()));
        await Promise.all([before, table.put({ id: STATE, rev: rev + 1, sealed }), write(this.store)]);
        return true;
      })
      .catch(async (error: unknown) => {
        // What another tab has written may also be in the way of what was planned without it.
        if ((await this.store.state.get(STATE))?.rev === rev) {
          throw error;
        }
        return false;
      });
    this.known = written && this.isOwn(next.state) ? next : null;
    return written;
  }

  /** The state a row holds; opened once only while nobody writes another. */
  async stateIn(row: StateRow | undefined): Promise<State> {
    return (await this.knownIn(row)).state;
  }

  private isOwn({ device }: State): boolean {
    return device === undefined || device === this.deviceId;
  }

  private async read(): Promise<Known> {
    return this.knownIn(await this.store.state.get(STATE));
  }

  private async knownIn(row: StateRow | undefined): Promise<Known> {
    if (row === undefined) {
      throw new Error("the device has no state");
    }
    if (this.known?.rev === row.rev) {
      return this.known;
    }
    const state = await this.data.openJson<State>(STATE, row.sealed).catch((cause: unknown) => {
      // It changed hands: what sealed it is gone.
      throw new OtherDeviceError("this store is sealed by another key", { cause });
    });
    const read = { rev: row.rev, state };
    if (!this.isOwn(read.state)) {
      throw new OtherDeviceError("this store has become another device");
    }
    // Something may have been written while this was opened.
    if (this.known === null || this.known.rev < read.rev) {
      this.known = read;
    }
    return read;
  }
}

export function sealState(data: Sealer, state: State): Promise<Bytes> {
  return data.sealJson(STATE, state);
}

/** What only an enrolled device has. Throws NotEnrolledError. */
export function enrolmentOf(state: State): Enrolment {
  if (state.enrolment === null) {
    throw new NotEnrolledError("this device is not enrolled");
  }
  return state.enrolment;
}

/** Whose work a device holds; null where nobody has worked with it yet. */
export function workerOf({ enrolment, worker }: State): Person | null {
  return enrolment?.person ?? worker ?? null;
}

/** Where a line is sealed. */
export function placeOfLine(n: number): string {
  return `line/${n}`;
}

