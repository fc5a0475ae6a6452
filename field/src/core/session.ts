// An unlocked device: its keys in memory, and the one way to change what it holds.

import type { Bytes } from "./bytes";
import type { Clock } from "./clock";
import { type Contact, type LeaseState, Watch } from "./lease";
import type { Lock } from "./lock";
import type { Anchor, Person, Witness } from "./protocol";
import { Sealer } from "./sealing";
import type { Store } from "./store";

/** `outdated`: the server no longer reads this app's schema. `forked`: its lines contradict those
 * the server holds of the same device. `revoked`: the station has withdrawn it. */
export type Status = "new" | "enrolled" | "outdated" | "forked" | "revoked";

export interface Enrolment {
  readonly token: string;
  readonly person: Person;
  readonly serverKey: string;
}

export interface State {
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
}

/** What a change comes to: the state after it, what to write with it, what to tell the caller. */
export interface Change<T> {
  readonly state: State;
  readonly write: (store: Store) => PromiseLike<unknown>;
  readonly value: T;
}

export interface Surroundings {
  readonly store: Store;
  readonly clock: Clock;
  readonly lock: Lock;
}

/** Somebody else wrote between reading and writing: the lock is not doing its work. */
export class OverrunError extends Error {}
export class NotEnrolledError extends Error {}

const STATE = "state";

export class Session {
  readonly watch: Watch;

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

  get clock(): Clock {
    return this.surroundings.clock;
  }

  /** Run alone among all that share this device's store. */
  alone<T>(what: string, work: () => Promise<T>): Promise<T> {
    return this.surroundings.lock.run(`${this.store.name}/${what}`, work);
  }

  /** The same store under another device's name. */
  as(deviceId: string, signing: CryptoKey): Session {
    return new Session(this.surroundings, deviceId, this.data, signing);
  }

  async state(): Promise<State> {
    return (await this.read()).state;
  }

  async lease(): Promise<LeaseState> {
    return this.watch.lease((await this.state()).contact);
  }

  /** Read, plan, then write state and all that goes with it in one durable transaction. */
  change<T>(plan: (state: State) => Promise<Change<T>>): Promise<T> {
    return this.alone("write", async () => {
      const { rev, state } = await this.read();
      const { state: next, write, value } = await plan(state);
      const contact = next.contact && this.watch.look(next.contact);
      // Nothing but IndexedDB may be awaited inside: a transaction ends when it is left waiting.
      const sealed = await sealState(this.data, { ...next, contact });
      await this.store.transaction("rw", this.store.tables, async () => {
        if ((await this.store.state.get(STATE))?.rev !== rev) {
          throw new OverrunError("the device's state changed under the writer");
        }
        await this.store.state.put({ id: STATE, rev: rev + 1, sealed });
        await write(this.store);
      });
      return value;
    });
  }

  private async read(): Promise<{ rev: number; state: State }> {
    const row = await this.store.state.get(STATE);
    if (row === undefined) {
      throw new Error("the device has no state");
    }
    return { rev: row.rev, state: await this.data.openJson<State>(STATE, row.sealed) };
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

/** Where a line is sealed. */
export function placeOfLine(n: number): string {
  return `line/${n}`;
}

