// The chain of a device and the digest of a scope, as the server computes them.

import { concat, fromHex, hex, utf8, type Bytes } from "./bytes";

const DIGEST_BYTES = 32;

/** The digest of a scope without rows. */
export const NO_ROWS = hex(new Uint8Array(DIGEST_BYTES));

export async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** h(0): the digest of the device id's text, in hex. */
export async function genesis(deviceId: string): Promise<string> {
  return hex(await sha256(utf8(deviceId)));
}

/** h(n) from h(n-1), the salt of line n and the line as it is kept, byte for byte. */
export async function nextHash(previous: string, salt: string, line: Bytes): Promise<string> {
  const inner = await sha256(concat([fromHex(salt), line]));
  return hex(await sha256(concat([fromHex(previous), inner])));
}

export interface RowName {
  readonly type: string;
  readonly id: string;
  readonly version: string;
}

/** `digest` with these rows added to it or, since XOR undoes itself, taken out of it. */
export async function toggled(digest: string, rows: readonly RowName[]): Promise<string> {
  const total = fromHex(digest);
  const parts = rows.map(({ type, id, version }) => sha256(utf8(`${type}/${id}/${version}`)));
  for (const part of await Promise.all(parts)) {
    for (const [at, byte] of part.entries()) {
      total[at] = (total[at] ?? 0) ^ byte;
    }
  }
  return hex(total);
}
