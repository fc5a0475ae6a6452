// The device as the page sees it: whether it is there, open, in touch with the server. The keys are in
// memory while it is open and nowhere else; locking lets go of them.

import { computed, readonly, ref, shallowRef } from "vue";
import { beaconOf } from "../core/beacon";
import { createDevice, hasDevice, noteClock, unlockBySecret, unlockDevice } from "../core/device";
import { enrol, type Invitation } from "../core/enrolling";
import type { LeaseState } from "../core/lease";
import { isAnythingLeft, leftHere } from "../core/left";
import { linesAgain } from "../core/outbox";
import { waitingPhotos } from "../core/photos/photos";
import { sendPhotos, type Upload } from "../core/photos/sending";
import { type Session, type State, workerOf } from "../core/session";
import { readAhead } from "../core/stored";
import { isFull } from "../core/store";
import { endedWithout, type Outcome, syncAll, SyncTimer } from "../core/syncing";
import { PROBLEMS, RefusedError, type Transport } from "../core/transport";
import { platform, surroundings, transport as network } from "./device";
import { idle, idleAfter } from "./pause";
import { phase, remember, unbound } from "./phase";
import { photoWay } from "./photo_way";
import { forgetLeave } from "./settings";
import { VERSION } from "./version";

const session = shallowRef<Session | null>(null);
const state = shallowRef<State | null>(null);
const lease = ref<LeaseState>("none");
const outcome = shallowRef<Outcome | null>(null);
const exchanging = ref(false);
/** Grows whenever what can be shown may have changed. */
const revision = ref(0);

/** How many photos the server does not have yet. */
const photosLeft = ref(0);
/** The photo under way, and how much of it the server has. */
const sending = shallowRef<{ id: string; bytes: number; length: number } | null>(null);

/** How long the first screen is left alone. */
const SETTLED_MS = 400;
/** The rows it shows. */
const FIRST_SHOWN = ["village", "agreed", "planned", "question", "standing", "rules"];

/** What a tab says to the others. */
const ERASED = "erased";
const BOUND = "bound";

let timer: SyncTimer | null = null;
let tabs: BroadcastChannel | null = null;
let binding = false;

/** The way of exchanges. Binding waits for them: while somebody does, they end at their next request. */
const transport: Transport = (request) =>
  binding ? Promise.reject(new Error("the phone is being bound")) : network(request);

/** How many lines the server has not answered since the phone was bound anew, and probably has. */
const again = ref(0);
/** How many more it has not answered. */
const unsent = computed(() => (state.value ? state.value.made - state.value.answered - again.value : 0));
const person = computed(() => state.value?.enrolment?.person ?? null);

/** The device no longer goes on as it is: it has to be bound anew. */
const needsBinding = computed(() => {
  const status = state.value?.status;
  const error = outcome.value?.kind === "stopped" ? outcome.value.error : null;
  const unknown = error instanceof RefusedError && error.number === PROBLEMS.deviceUnknown;
  return unknown || status === "new" || status === "forked" || status === "revoked";
});

/** Look whether this phone has a device; and again whenever another tab has bound it anew, for this one
 * would go on as the device that was. */
export async function begin(): Promise<void> {
  // Where there are none the phone is refused, which is said on the next screen.
  tabs ??= "BroadcastChannel" in globalThis ? new BroadcastChannel("cunjing-device") : null;
  tabs?.addEventListener("message", heard);
  const there = await hasDevice(surroundings());
  remember(there);
  phase.value = there ? "locked" : "fresh";
  if (there) {
    // While the passphrase is typed.
    void idle().then(() => readAhead(surroundings().store, FIRST_SHOWN));
  }
}

function heard({ data }: MessageEvent): void {
  if (data === ERASED) {
    // What this page holds open is gone.
    location.reload();
  } else if (phase.value === "open") {
    lock();
  } else {
    void begin();
  }
}

/** The device was taken off this phone: other tabs must not go on with it. */
export function sayErased(): void {
  tabs?.postMessage(ERASED);
}

/** Make a device and bind it. A device made before, whose binding failed, is gone on with. */
export async function bindDevice(invitation: Invitation, passphrase: string): Promise<void> {
  await open(session.value ?? (await createDevice(surroundings(), passphrase)), { start: false });
  remember(true);
  await bindAgain(invitation);
}

/** Bind the open device, as a new one where it was bound before; with a passphrase where it changes hands.
 * Until that is done it goes on as the old; where it fails, for good. */
export async function bindAgain(invitation: Invitation, passphrase: string | null = null): Promise<void> {
  const before = opened();
  const worker = workerOf(await before.state());
  let now = before;
  stop();
  binding = true;
  // Other tabs would go on exchanging as the device that was; one opened meanwhile is told at the end.
  tabs?.postMessage(BOUND);
  try {
    const app = { app: VERSION, platform: platform() };
    now = await enrol(before, network, invitation, app, passphrase);
    outcome.value = null;
    if (workerOf(await now.state())?.user_id !== worker?.user_id) {
      forgetLeave();
    }
    tabs?.postMessage(BOUND);
  } finally {
    binding = false;
    if (session.value === before) {
      await open(now, { start: (await now.state()).status !== "new" });
    } else if (session.value !== null) {
      // Locked meanwhile and opened again, it would go on as the device that was.
      lock();
    }
  }
}

export async function unlock(passphrase: string): Promise<void> {
  await open(await unlockDevice(surroundings(), passphrase), { start: true });
}

export async function unlockWith(secret: Uint8Array<ArrayBuffer>): Promise<void> {
  await open(await unlockBySecret(surroundings(), secret), { start: true });
}

/** Forget the keys; what was written is on the disk, sealed. */
export function lock(): void {
  stop();
  session.value = null;
  state.value = null;
  unbound.value = false;
  outcome.value = null;
  lease.value = "none";
  phase.value = "locked";
}

/** The open device. Throws where it is locked: no screen is shown then. */
export function opened(): Session {
  if (session.value === null) {
    throw new Error("the device is locked");
  }
  return session.value;
}

/** Do something that records; then what is shown is read anew, and an exchange follows soon. */
export async function act<T>(work: (session: Session) => Promise<T>): Promise<T> {
  const start = performance.now();
  const value = await work(opened());
  // What the officer waits for, for whoever measures.
  performance.measure("save", { start });
  await refresh();
  timer?.soon();
  return value;
}

/** Exchange with the server now. Where that breaks off on the phone itself, the outcome says so. */
export async function syncNow(): Promise<Outcome | null> {
  return (await timer?.now().catch(() => outcome.value)) ?? null;
}

/** The page is left: tell the station how much is not there yet. Whether it arrives is not known. */
export function sayBeacon(): void {
  const said = session.value && state.value && beaconOf(session.value.deviceId, state.value);
  if (said) {
    // Outlives the page, as sendBeacon does, and carries the token, as that cannot.
    const request = { ...said, method: "POST", keepalive: true, credentials: "omit" } as const;
    void fetch("/sync/v1/beacon", request).catch(() => undefined);
  }
}

/** The system believes there is a network, or the page was shown again. */
export function syncSoon(): void {
  timer?.soon();
}

/** Read the device's state anew. */
export async function refresh(): Promise<void> {
  const now = session.value;
  if (now === null) {
    return;
  }
  const [known, photos, twice] = await Promise.all([now.state(), waitingPhotos(now), linesAgain(now)]);
  // With work on it, it is not kept from that by a binding that older versions left half done.
  const fresh = known.status === "new" && !isAnythingLeft(await leftHere(now));
  // It may have been locked while this was read.
  if (session.value === now) {
    state.value = known;
    again.value = twice;
    unbound.value = fresh;
    lease.value = now.watch.lease(known.contact);
    photosLeft.value = photos;
    revision.value += 1;
  }
}

async function open(unlocked: Session, { start }: { readonly start: boolean }): Promise<void> {
  stop();
  session.value = unlocked;
  await refresh();
  phase.value = "open";
  const mine = start ? (timer = new SyncTimer(() => exchange(unlocked), unlocked.clock)) : null;
  // The first screen first: what follows reads and writes where that reads.
  void idleAfter(SETTLED_MS).then(async () => {
    // Locked by then, nothing more is written by it. Where that fails, as on a full disk, what waits is sent
    // all the same.
    if (session.value === unlocked) {
      await noteClock(unlocked).catch(() => undefined);
    }
    if (mine !== null && timer === mine) {
      mine.start();
    }
  });
}

function stop(): void {
  timer?.stop();
  timer = null;
  exchanging.value = false;
}

async function exchange(of: Session): Promise<Outcome> {
  exchanging.value = true;
  try {
    const done = await syncAll(of, transport);
    if (session.value === of) {
      outcome.value = done;
    }
    const withdrawn = (await of.state()).withdrawn != null;
    // Each photo that arrives makes room on a full phone.
    const goOn = done.kind === "done" || withdrawn || isFull(done.error);
    if (!goOn || session.value !== of) {
      return done;
    }
    const ended = await withPhotos(of, done);
    if (session.value === of) {
      outcome.value = ended;
    }
    return ended;
  } catch (error) {
    // Also where nobody asked for it: what was to be sent has not gone.
    if (session.value === of) {
      outcome.value = { kind: "stopped", error: error instanceof Error ? error : new Error(String(error)) };
    }
    throw error;
  } finally {
    exchanging.value = false;
    await refresh();
  }
}

/** Photos after everything else: they are large, and a record is worth more than its picture. One
 * that is lost is tried again as soon as an exchange that is. Once the device is locked no other is
 * opened for sending. */
async function withPhotos(of: Session, done: Outcome): Promise<Outcome> {
  if ((await waitingPhotos(of)) === 0) {
    return done;
  }
  const way = await photoWay();
  const whileOpen: Upload = (photo, progress) =>
    session.value === of && !binding ? way(photo, progress) : Promise.resolve({ kind: "lost" });
  const { lost, moved } = await sendPhotos(of, whileOpen, (id, bytes, length) => {
    sending.value = { id, bytes, length };
  }).finally(() => {
    sending.value = null;
  });
  return lost ? endedWithout({ moved }, done) : done;
}

export function useSession() {
  return {
    phase: readonly(phase),
    state: computed(() => state.value),
    lease: readonly(lease),
    outcome: computed(() => outcome.value),
    exchanging: readonly(exchanging),
    revision: readonly(revision),
    unsent,
    again: readonly(again),
    photosLeft: readonly(photosLeft),
    sending: computed(() => sending.value),
    person,
    needsBinding,
  };
}
