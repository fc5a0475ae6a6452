// Encryption at rest. A passphrase opens the data key; the data key opens everything else.

import { concat, utf8, type Bytes } from "./bytes";

const IV_BYTES = 12;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const CIPHER = "AES-GCM";

/** OWASP's figure for PBKDF2 with SHA-256 (2023); a guess costs this many rounds. */
export const ITERATIONS = 600_000;
export const SHORTEST_PASSPHRASE = 8;

export class WrongPassphraseError extends Error {}
export class PassphraseTooShortError extends Error {}

/** A key and what can be done with it; the key itself cannot be read out of it. */
export class Sealer {
  private constructor(private readonly key: CryptoKey) {}

  static async of(raw: Bytes): Promise<Sealer> {
    return new Sealer(await crypto.subtle.importKey("raw", raw, CIPHER, false, ["encrypt", "decrypt"]));
  }

  static fromKey(key: CryptoKey): Sealer {
    return new Sealer(key);
  }

  /** Sealed bytes that open only at the place they were sealed for. */
  async seal(place: string, bytes: Bytes): Promise<Bytes> {
    const iv = random(IV_BYTES);
    const options = { name: CIPHER, iv, additionalData: utf8(place) };
    return concat([iv, new Uint8Array(await crypto.subtle.encrypt(options, this.key, bytes))]);
  }

  /** What was sealed. Throws for other keys, other places and altered bytes. */
  async open(place: string, sealed: Bytes): Promise<Bytes> {
    const options = {
      name: CIPHER,
      iv: sealed.subarray(0, IV_BYTES),
      additionalData: utf8(place),
    };
    const body = sealed.subarray(IV_BYTES);
    return new Uint8Array(await crypto.subtle.decrypt(options, this.key, body));
  }

  sealJson(place: string, value: unknown): Promise<Bytes> {
    return this.seal(place, utf8(JSON.stringify(value)));
  }

  /** The value as it was sealed; its type is what this place holds. */
  async openJson<T>(place: string, sealed: Bytes): Promise<T> {
    return JSON.parse(new TextDecoder().decode(await this.open(place, sealed))) as T;
  }
}

export function random(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** A new 256-bit key in the clear: to be wrapped at once. */
export function newDataKey(): Bytes {
  return random(KEY_BYTES);
}

/** What is stored so that a passphrase opens the data key. */
export interface WrappedKey {
  readonly salt: Bytes;
  readonly iterations: number;
  readonly wrapped: Bytes;
}

const PLACE = "data-key";

export async function wrapKey(
  dataKey: Bytes,
  passphrase: string,
  iterations: number,
): Promise<WrappedKey> {
  if ([...passphrase].length < SHORTEST_PASSPHRASE) {
    throw new PassphraseTooShortError(`fewer than ${SHORTEST_PASSPHRASE} characters`);
  }
  const salt = random(SALT_BYTES);
  const opener = await openerOf(passphrase, salt, iterations);
  return { salt, iterations, wrapped: await opener.seal(PLACE, dataKey) };
}

/** The data key. Throws WrongPassphraseError. */
export async function unwrapKey(stored: WrappedKey, passphrase: string): Promise<Bytes> {
  const opener = await openerOf(passphrase, stored.salt, stored.iterations);
  try {
    return await opener.open(PLACE, stored.wrapped);
  } catch (error) {
    throw new WrongPassphraseError("the passphrase does not open this device", { cause: error });
  }
}

const OTHER_PLACE = "data-key/other";

/** The data key sealed by a secret of 256 random bits; no slow derivation is needed for one. */
export async function wrapBySecret(dataKey: Bytes, secret: Bytes): Promise<Bytes> {
  return (await Sealer.of(secret)).seal(OTHER_PLACE, dataKey);
}

/** The data key. Throws WrongPassphraseError. */
export async function unwrapBySecret(wrapped: Bytes, secret: Bytes): Promise<Bytes> {
  try {
    return await (await Sealer.of(secret)).open(OTHER_PLACE, wrapped);
  } catch (error) {
    throw new WrongPassphraseError("the secret does not open this device", { cause: error });
  }
}

async function openerOf(passphrase: string, salt: Bytes, iterations: number): Promise<Sealer> {
  // The same characters typed on another keyboard may be composed differently.
  const typed = utf8(passphrase.normalize("NFKC"));
  const material = await crypto.subtle.importKey("raw", typed, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  const key = await crypto.subtle.deriveKey(how, material, { name: CIPHER, length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
  return Sealer.fromKey(key);
}
