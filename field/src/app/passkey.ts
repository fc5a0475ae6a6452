// Unlocking by the phone's own lock (fingerprint, face, PIN): a passkey whose PRF extension gives a
// secret that opens the data key. The secret never leaves the authenticator without the person.

import type { Bytes } from "../core/bytes";
import { base64url, fromBase64url } from "../core/bytes";
import { random } from "../core/sealing";

export interface Opener {
  readonly secret: Bytes;
  readonly hint: { readonly credential: string; readonly salt: string };
}

/** The phone has a lock that can be asked, as far as can be told before trying. */
export async function canUsePasskey(): Promise<boolean> {
  return (
    "PublicKeyCredential" in window &&
    (await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => false))
  );
}

/** Make a passkey; null where this phone's gives no secret. Throws where the person says no. */
export async function makePasskey(label: string): Promise<Opener | null> {
  const credential = await navigator.credentials.create({
    publicKey: {
      challenge: random(32),
      rp: { name: "村警" },
      user: { id: random(16), name: label, displayName: label },
      pubKeyCredParams: [
        { type: "public-key", alg: -7 },
        { type: "public-key", alg: -257 },
      ],
      authenticatorSelection: {
        authenticatorAttachment: "platform",
        userVerification: "required",
      },
      extensions: { prf: {} },
    },
  });
  if (!(credential instanceof PublicKeyCredential)) {
    return null;
  }
  if (credential.getClientExtensionResults().prf?.enabled !== true) {
    return null;
  }
  const hint = { credential: base64url(new Uint8Array(credential.rawId)), salt: base64url(random(32)) };
  return { hint, secret: await secretOf(hint) };
}

/** Ask for the secret. Throws where the person, or the phone, says no. */
export async function secretOf(hint: Readonly<Record<string, string>>): Promise<Bytes> {
  const { credential = "", salt = "" } = hint;
  const answer = await navigator.credentials.get({
    publicKey: {
      challenge: random(32),
      allowCredentials: [{ type: "public-key", id: fromBase64url(credential) }],
      userVerification: "required",
      extensions: { prf: { eval: { first: fromBase64url(salt) } } },
    },
  });
  const results = (answer as PublicKeyCredential | null)?.getClientExtensionResults();
  const first = results?.prf?.results?.first;
  if (first === undefined) {
    throw new Error("手机没有给出解锁密钥，请用口令。");
  }
  return first instanceof ArrayBuffer
    ? new Uint8Array(first)
    : new Uint8Array(first.buffer as ArrayBuffer, first.byteOffset, first.byteLength);
}
