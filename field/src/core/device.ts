// A device: made once, locked and unlocked with its passphrase.

import { uuidv7 } from "uuidv7";
import { type Bytes, hex } from "./bytes";
import { genesis } from "./chain";
import {
  ITERATIONS,
  newDataKey,
  Sealer,
  unwrapBySecret,
  unwrapKey,
  wrapBySecret,
  type WrappedKey,
  WrongPassphraseError,
  wrapKey,
} from "./sealing";
import { Session, sealState, type State, type Surroundings } from "./session";
import { newKey, signingKey } from "./signing";
import type { Identity, KeysRow, OtherOpener, Store } from "./store";

const KEYS = "keys";
const SIGNING_PLACE = "signing-key";

export class NoDeviceError extends Error {}

/** Make a device in an empty store; `iterations` is lowered by tests only. */
export async function createDevice(
  surroundings: Surroundings,
  passphrase: string,
  iterations = ITERATIONS,
): Promise<Session> {
  const dataKey = newDataKey();
  const wrapped = await wrapKey(dataKey, passphrase, iterations);
  const data = await Sealer.of(dataKey);
  const keys: KeysRow = { id: KEYS, ...wrapped, ...(await newIdentity(data)) };
  const sealed = await sealState(data, await firstState(keys.device));
  const { store } = surroundings;
  await store.transaction("rw", store.keys, store.state, async () => {
    // `add` refuses where a device stands already: nothing of it is overwritten.
    await store.keys.add(keys);
    await store.state.add({ id: "state", rev: 1, sealed });
  });
  return new Session(surroundings, keys.device, data, await keyOf(data, keys));
}

/** An id and a key that no device has yet. */
export async function newIdentity(data: Sealer): Promise<Identity> {
  const { publicKey, privateKey } = await newKey();
  return { device: uuidv7(), publicKey, signing: await data.seal(SIGNING_PLACE, privateKey) };
}

/** What a device signs with. */
export async function keyOf(data: Sealer, { signing }: Identity): Promise<CryptoKey> {
  return signingKey(await data.open(SIGNING_PLACE, signing));
}

/** Whether this store holds a device. */
export async function hasDevice({ store }: Surroundings): Promise<boolean> {
  return (await store.keys.get(KEYS)) !== undefined;
}

/** Open the device. Throws NoDeviceError, WrongPassphraseError. */
export async function unlockDevice(
  surroundings: Surroundings,
  passphrase: string,
): Promise<Session> {
  const keys = await keysOf(surroundings);
  return opened(surroundings, keys, await unwrapKey(keys, passphrase));
}

/** Open the device by the secret it was told of. Throws NoDeviceError, WrongPassphraseError. */
export async function unlockBySecret(surroundings: Surroundings, secret: Bytes): Promise<Session> {
  const keys = await keysOf(surroundings);
  if (keys.other === undefined) {
    throw new WrongPassphraseError("this device opens by its passphrase only");
  }
  return opened(surroundings, keys, await unwrapBySecret(keys.other.wrapped, secret));
}

/** How the secret is asked for; null where only the passphrase opens the device. */
export async function otherOpener({ store }: Surroundings): Promise<OtherOpener["hint"] | null> {
  return (await store.keys.get(KEYS))?.other?.hint ?? null;
}

/** Let a secret of 32 random bytes open the device too. Throws WrongPassphraseError. */
export async function addSecret(
  surroundings: Surroundings,
  passphrase: string,
  { secret, hint }: { readonly secret: Bytes; readonly hint: OtherOpener["hint"] },
): Promise<void> {
  const keys = await keysOf(surroundings);
  const wrapped = await wrapBySecret(await unwrapKey(keys, passphrase), secret);
  await openedBy(surroundings, keys, { other: { hint, wrapped } });
}

/** From now on only the passphrase opens the device. */
export async function dropSecret(surroundings: Surroundings): Promise<void> {
  await surroundings.store.keys.where("id").equals(KEYS).modify((row: { other?: OtherOpener }) => {
    delete row.other;
  });
}

/** Take the device off this phone with everything it holds: its passphrase is lost. */
export async function eraseDevice({ store }: Surroundings): Promise<void> {
  await store.delete();
}

async function opened(
  surroundings: Surroundings,
  keys: KeysRow,
  dataKey: Bytes,
): Promise<Session> {
  const data = await Sealer.of(dataKey);
  return new Session(surroundings, keys.device, data, await keyOf(data, keys));
}

/** Keep what the clock shows now: setting it back later lengthens no lease. To be done soon after each
 * unlocking; the first screen need not wait for it, for who can stop it can as well put back the whole
 * store. */
export async function noteClock(session: Session): Promise<void> {
  const noted = { write: () => Promise.resolve(), value: undefined };
  await session.change(async (state) => ({ state, ...noted }), ["state"]);
}

/** Another passphrase for the same data key; nothing else is sealed anew. Throws WrongPassphraseError. */
export async function changePassphrase(
  surroundings: Surroundings,
  passphrases: { readonly old: string; readonly new: string },
  iterations = ITERATIONS,
): Promise<void> {
  const keys = await keysOf(surroundings);
  const dataKey = await unwrapKey(keys, passphrases.old);
  const wrapped = await wrapKey(dataKey, passphrases.new, iterations);
  await openedBy(surroundings, keys, wrapped);
}

/** Write what opens the device, and nothing else: deriving a key takes long, and meanwhile the phone may
 * have been bound anew. Where another passphrase opens it by now, this one is too late. */
async function openedBy(
  { store }: Surroundings,
  { wrapped }: KeysRow,
  openers: Partial<WrappedKey & Pick<KeysRow, "other">>,
): Promise<void> {
  await store.transaction("rw", store.keys, async () => {
    const now = await store.keys.get(KEYS);
    if (now === undefined || hex(now.wrapped) !== hex(wrapped)) {
      throw new WrongPassphraseError("the device has another passphrase by now");
    }
    await store.keys.update(KEYS, openers);
  });
}

/** A data key that was never known to anybody before, and what is kept of it. */
export interface NewKeys {
  readonly data: Sealer;
  readonly keys: Identity;
  readonly wrapped: WrappedKey;
}

/** For whoever has the device from now on: another data key, since the one before may be known, and the
 * identity sealed by it. `data` is what sealed it. Throws PassphraseTooShortError. */
export async function newKeysFor(
  { keys }: Store,
  identity: Identity,
  before: { readonly data: Sealer; readonly passphrase: string },
): Promise<NewKeys> {
  const rounds = (await keys.get(KEYS))?.iterations ?? ITERATIONS;
  const dataKey = newDataKey();
  const wrapped = await wrapKey(dataKey, before.passphrase, rounds);
  const data = await Sealer.of(dataKey);
  const signing = await before.data.open(SIGNING_PLACE, identity.signing);
  return { data, wrapped, keys: { ...identity, signing: await data.seal(SIGNING_PLACE, signing) } };
}

async function keysOf({ store }: Surroundings): Promise<KeysRow> {
  const keys = await store.keys.get(KEYS);
  if (keys === undefined) {
    throw new NoDeviceError("this store holds no device");
  }
  return keys;
}

export async function firstState(device: string): Promise<State> {
  return {
    device,
    status: "new",
    enrolment: null,
    made: 0,
    head: await genesis(device),
    answered: 0,
    anchor: null,
    contact: null,
    witness: null,
  };
}
