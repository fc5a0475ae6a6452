// ECDSA on P-256: the device signs its pushes, the server its anchors.

import { base64, base64url, fromBase64, fromBase64url, hex, type Bytes } from "./bytes";
import { canonical, type Flat } from "./canonical";
import { sha256 } from "./chain";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" };

export interface NewKey {
  /** SPKI in base64, as enrolment sends it. */
  readonly publicKey: string;
  /** PKCS #8: to be sealed at once. */
  readonly privateKey: Bytes;
}

export async function newKey(): Promise<NewKey> {
  const pair = await crypto.subtle.generateKey(CURVE, true, ["sign", "verify"]);
  const [spki, pkcs8] = await Promise.all([
    crypto.subtle.exportKey("spki", pair.publicKey),
    crypto.subtle.exportKey("pkcs8", pair.privateKey),
  ]);
  return { publicKey: base64(new Uint8Array(spki)), privateKey: new Uint8Array(pkcs8) };
}

/** The private half as a key that can sign and no longer be read. */
export function signingKey(pkcs8: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("pkcs8", pkcs8, CURVE, false, ["sign"]);
}

/** The signature (r ‖ s in base64url) over a flat object. */
export async function sign(key: CryptoKey, value: Flat): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.sign(SIGNATURE, key, canonical(value))));
}

/** Whether the holder of `publicKey` (SPKI in base64) signed the object. */
export async function holds(publicKey: string, value: Flat, signature: string): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey("spki", fromBase64(publicKey), CURVE, false, [
      "verify",
    ]);
    return await crypto.subtle.verify(SIGNATURE, key, fromBase64url(signature), canonical(value));
  } catch {
    // Not base64, or no key on this curve: nobody signed it.
    return false;
  }
}

/** SHA-256 of a public key, as the QR code shows it. */
export async function fingerprint(publicKey: string): Promise<string> {
  return hex(await sha256(fromBase64(publicKey)));
}
