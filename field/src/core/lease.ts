// How long pulled rows may be read: until the server's time says so, as far as the device can tell
// it. The device's clock alone never lengthens a lease.

import type { Clock } from "./clock";

/** The last contact, and how much time is known to have passed since. */
export interface Contact {
  /** The server's time at the contact and the end of the lease it gave, in milliseconds. */
  readonly at: number;
  readonly until: number;
  /** The device's clock at the contact. */
  readonly wall: number;
  /** The device's clock when the server was asked; the answer may have taken long to come. */
  readonly asked?: number;
  /** The most the device's clock has been seen to show since. */
  readonly seen: number;
  /** The most time known to have passed since. */
  readonly passed: number;
}

export type LeaseState = "open" | "none" | "ended" | "clock";

/** Clocks are set right by small steps; a larger one back tells nothing about the time passed. Nor is a
 * clock that is behind by no more than this anybody's concern. */
export const STEP_BACK_MS = 10 * 60_000;
/** How far ahead a clock may be. The server takes nothing that has not happened yet, give or take its
 * CLOCK_SKEW of five minutes: the officer is to hear of it before the server refuses a visit, so this is less. */
export const MOST_AHEAD_MS = 2 * 60_000;
/** From how far ahead a visit is not saved before the clock was seen to. What the phone knows of it is the least
 * it can be, so this is nearer CLOCK_SKEW, and still below. */
export const BARRED_AHEAD_MS = 4 * 60_000;

/** By how much the device's clock was ahead of the server's at the last contact, in milliseconds;
 * negative where it was behind, 0 where that is too little to speak of. The server said its time between
 * being asked and being heard, so a slow answer makes no clock wrong. */
export function clockOff(contact: Contact | null): number {
  if (contact === null) {
    return 0;
  }
  const ahead = (contact.asked ?? contact.wall) - contact.at;
  const behind = contact.at - contact.wall;
  if (ahead > MOST_AHEAD_MS) {
    return ahead;
  }
  return behind > STEP_BACK_MS ? -behind : 0;
}

/** The latest moment the phone can tell to be past, in milliseconds of the server's time: the last contact, or
 * what its clock has shown since, less what that was ahead by then. */
export function latestKnown(contact: Contact): number {
  return Math.max(contact.at, contact.seen - Math.max(0, clockOff(contact)));
}

/** Time that passed in this run of the program, which no setting of the clock changes. */
export class Watch {
  private begun: number;
  /** The device's clock when the server was asked last. */
  asked: number | null = null;

  constructor(private readonly clock: Clock) {
    this.begun = clock.elapsed();
  }

  /** The server is asked now. */
  ask(): void {
    this.asked = this.clock.now();
  }

  restart(): void {
    this.begun = this.clock.elapsed();
  }

  /** The contact with what is known now; what was known is never forgotten. */
  look(contact: Contact): Contact {
    const wall = this.clock.now();
    const run = this.clock.elapsed() - this.begun;
    return {
      ...contact,
      seen: Math.max(contact.seen, wall),
      passed: Math.max(contact.passed, wall - contact.wall, run),
    };
  }

  /** By how much the clock is ahead now, as far as the device can tell: what the last contact showed,
   * less what it was set back since. 0 where that is too little to speak of. */
  ahead(contact: Contact | null): number {
    if (contact === null) {
      return 0;
    }
    const shown = this.clock.now() - contact.wall;
    const left = clockOff(contact) - (this.look(contact).passed - shown);
    return left > MOST_AHEAD_MS ? left : 0;
  }

  /** Whether pulled rows may be read now. */
  lease(contact: Contact | null): LeaseState {
    if (contact === null) {
      return "none";
    }
    if (this.clock.now() < contact.seen - STEP_BACK_MS) {
      return "clock";
    }
    const known = this.look(contact);
    return known.at + known.passed < known.until ? "open" : "ended";
  }
}
