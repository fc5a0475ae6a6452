// One exchange with the server, and the timer that keeps trying. Nothing here asks whether there is
// a network: the only way to know is to try.

import type { Clock } from "./clock";
import { handOver } from "./handover";
import { withdraw } from "./leaving";
import { letGoOfTaken, promisePhotos } from "./photos/photos";
import { pull } from "./pulling";
import { LinesMissingError, push } from "./pushing";
import type { Session, State, Status } from "./session";
import { LostError, PhotoLostError, PROBLEMS, RefusedError, type Transport } from "./transport";

/** `lost`: try again soon; `moved`: something got through before. `stopped`: trying again will not
 * help, a person must do something. */
export type Outcome =
  | { readonly kind: "done"; readonly sent: number }
  | { readonly kind: "lost"; readonly error: Error; readonly moved?: boolean }
  | { readonly kind: "stopped"; readonly error: Error };

/** Push, pull, and push once more should the pull tell that the server was put back to a backup. */
const MOST_TURNS = 3;

/** Refusals of what came altered or cut, and of too many tries: the same may pass next time. */
const PASSING = new Set([40002, 40003, 42901]);

const STATUS_OF = new Map<number, Status>([
  [PROBLEMS.upgrade, "outdated"],
  [PROBLEMS.fork, "forked"],
]);

/** Send everything, fetch everything. Never throws for what the network or the server do. */
export function sync(session: Session, transport: Transport): Promise<Outcome> {
  return session.alone("sync", async () => {
    let before = Number.POSITIVE_INFINITY;
    try {
      before = (await session.state()).answered;
      return { kind: "done", sent: await exchange(session, transport) };
    } catch (caught) {
      const error = await note(session, transport, errorOf(caught)).then(() => errorOf(caught), errorOf);
      const passing = error instanceof RefusedError && PASSING.has(error.number);
      if (!passing && !(error instanceof LostError)) {
        return { kind: "stopped", error };
      }
      const moved = (await session.state()).answered > before;
      return moved ? { kind: "lost", error, moved } : { kind: "lost", error };
    }
  });
}

/** The same, with what photos need first: a mutation each; and after it, that those which were taken meanwhile
 * go. Where that cannot be written, as on a full phone, what waits goes all the same, and then the officer
 * hears of it. */
export async function syncAll(session: Session, transport: Transport): Promise<Outcome> {
  const unwritten = await promisePhotos(session).then(() => null, errorOf);
  const outcome = await sync(session, transport);
  const kept = await letGoOfTaken(session).then(() => null, errorOf);
  const error = unwritten ?? kept;
  return error !== null && outcome.kind === "done" ? { kind: "stopped", error } : outcome;
}

function errorOf(thrown: unknown): Error {
  if (thrown instanceof Error) {
    return thrown;
  }
  throw thrown;
}

async function exchange(session: Session, transport: Transport): Promise<number> {
  if ((await session.state()).withdrawn) {
    await handOver(session, transport);
  }
  let count = 0;
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    // A server that holds another chain of this device takes none of its lines, but still tells.
    if ((await session.state()).status !== "forked") {
      count += await push(session, transport);
    }
    await pull(session, transport);
    const { made, answered } = await session.state();
    if (made === answered) {
      break;
    }
  }
  return count;
}

/** What an error says about this device for good. */
async function note(session: Session, transport: Transport, error: Error): Promise<void> {
  const refusal = error instanceof RefusedError ? error : null;
  if (refusal?.number === PROBLEMS.deviceRevoked) {
    await withdraw(session, refusal.last);
    await handOver(session, transport);
  }
  const status = error instanceof LinesMissingError ? "forked" : STATUS_OF.get(refusal?.number ?? 0);
  const said: Partial<State> = {
    ...(status === undefined ? {} : { status }),
    ...(refusal?.number === PROBLEMS.deviceUnknown ? { unknown: true } : {}),
  };
  if (Object.keys(said).length > 0) {
    await session.change(async (state) => ({
      state: { ...state, ...said },
      write: () => Promise.resolve(),
      value: undefined,
    }));
  }
}

/** How an exchange ended whose photos did not all arrive. Lines that were sent say that the link works, after
 * whatever hours without one: what it lost of a photo is tried again soon. */
export function endedWithout(photos: { readonly moved: boolean }, done: Outcome): Outcome {
  const moved = photos.moved || (done.kind === "done" && done.sent > 0);
  return { kind: "lost", error: new PhotoLostError("not all of it arrived"), moved };
}

const SOON_MS = 2_000;
const REGULAR_MS = 5 * 60_000;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 15 * 60_000;

/** How long to wait after so many failures: doubled each time, with up to half of it left to chance
 * so that phones that lost the same mast do not come back at once. */
export function waitAfter(failures: number, chance: number): number {
  const wait = Math.min(FIRST_WAIT_MS * 2 ** Math.max(failures - 1, 0), LONGEST_WAIT_MS);
  return wait * (1 - chance / 2);
}

/** A link that brings something on each time is a bad one, not a dead one: it is not waited for. */
function failuresAfter(before: number, outcome: Outcome): number {
  if (outcome.kind === "done") {
    return 0;
  }
  return outcome.kind === "lost" && outcome.moved === true ? 1 : before + 1;
}

/** Keeps exchanging: soon after a save, regularly otherwise, ever more rarely while it fails. */
export class SyncTimer {
  private failures = 0;
  private cancel: (() => void) | null = null;
  private running: Promise<Outcome> | null = null;
  private due = false;
  private stopped = false;

  constructor(
    private readonly exchange: () => Promise<Outcome>,
    private readonly clock: Clock,
    private readonly chance: () => number = Math.random,
  ) {}

  start(): void {
    this.stopped = false;
    this.plan(0);
  }

  stop(): void {
    this.stopped = true;
    this.cancel?.();
  }

  /** Something was saved, or the system believes there is a network again. */
  soon(): void {
    this.due = this.running !== null;
    if (!this.due && this.failures === 0) {
      this.plan(SOON_MS);
    }
  }

  /** The officer asks for it: at once, whatever has failed before. */
  now(): Promise<Outcome> {
    this.cancel?.();
    this.running ??= this.run();
    return this.running;
  }

  private async run(): Promise<Outcome> {
    try {
      const outcome = await this.exchange();
      this.failures = failuresAfter(this.failures, outcome);
      return outcome;
    } catch (error) {
      this.failures += 1;
      throw error;
    } finally {
      this.running = null;
      this.planNext();
    }
  }

  private planNext(): void {
    const regular = REGULAR_MS * (1 - this.chance() / 5);
    const well = this.due ? SOON_MS : regular;
    this.due = false;
    this.plan(this.failures === 0 ? well : waitAfter(this.failures, this.chance()));
  }

  private plan(wait: number): void {
    this.cancel?.();
    if (!this.stopped) {
      this.cancel = this.clock.after(wait, () => void this.now().catch(() => undefined));
    }
  }
}
