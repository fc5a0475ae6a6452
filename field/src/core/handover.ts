// A withdrawn device hands over what it had not sent: sealed to the server's key, kept there for a
// person to decide about. Its photos follow as they always do. Once the server has all of it, it goes
// from here too, and the token with it.

import { amountOf, carryMore } from "./amount";
import { concat, fromBase64, utf8, type Bytes } from "./bytes";
import { waitingPhotos } from "./photos/photos";
import { batchFrom, keepAnswer, lessAfter, sendBatch } from "./pushing";
import { random } from "./sealing";
import type { Session } from "./session";
import { LostError, RefusedError, StrangeAnswerError, type Transport } from "./transport";

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const NONCE_BYTES = 12;
const NOBODY = { user_id: "", name: "", staff_id: null };
const INFO = utf8("cunjing handover 1");

/** Hand over every line, and let go where nothing else is left. Answers false where that has to be
 * tried again. */
export async function handOver(session: Session, transport: Transport): Promise<boolean> {
  try {
    while (await handOverSome(session, transport)) {
      // one batch after the other
    }
    await letGo(session);
    return true;
  } catch (error) {
    const passing = [LostError, RefusedError, StrangeAnswerError];
    if (passing.some((kind) => error instanceof kind)) {
      return false;
    }
    throw error;
  }
}

async function handOverSome(session: Session, transport: Transport): Promise<boolean> {
  const state = await session.state();
  const batch = await batchFrom(session, state, amountOf(session));
  if (!state.withdrawn || batch.rows.length === 0) {
    return false;
  }
  const { token, serverKey } = state.withdrawn;
  const enrolment = { token, serverKey, person: NOBODY };
  const answer = await sendBatch(session, transport, { ...state, enrolment }, batch, {
    path: "handover",
    type: "application/octet-stream",
    wrap: (body) => sealedTo(serverKey, session.deviceId, body),
  }).catch((error: unknown) => {
    lessAfter(session, batch, error);
    throw error;
  });
  carryMore(session);
  await keepAnswer(session, batch, answer);
  return true;
}

/** Where nothing is left to say to the server, the token goes, and every line that it has, whatever
 * became of it there. A visit under way and a photo that has not arrived keep both: they are to be
 * delivered as well. */
export async function letGo(session: Session): Promise<void> {
  if (await isLeft(session)) {
    return;
  }
  await session.change(async (state) => ({
    state: { ...state, withdrawn: null, contact: null, witness: null },
    write: (store) => store.outbox.where("n").belowOrEqual(state.answered).delete(),
    value: undefined,
  }));
}

async function isLeft(session: Session): Promise<boolean> {
  const { made, answered, withdrawn } = await session.state();
  const drafts = await session.store.drafts.count();
  return !withdrawn || made > answered || drafts > 0 || (await waitingPhotos(session)) > 0;
}

/** Bytes that only the holder of the server's key can open: one-time point, nonce, ciphertext. */
export async function sealedTo(serverKey: string, deviceId: string, body: Bytes): Promise<Bytes> {
  const theirs = await crypto.subtle.importKey("spki", fromBase64(serverKey), CURVE, false, []);
  const own = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
  const agreed = { name: "ECDH", public: theirs };
  const shared = await crypto.subtle.deriveBits(agreed, own.privateKey, 256);
  const secret = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: point, info: INFO };
  const cipher = { name: "AES-GCM", length: 256 };
  const key = await crypto.subtle.deriveKey(how, secret, cipher, false, ["encrypt"]);
  const nonce = random(NONCE_BYTES);
  const sealing = { name: "AES-GCM", iv: nonce, additionalData: utf8(deviceId) };
  const text = await crypto.subtle.encrypt(sealing, key, body);
  return concat([point, nonce, new Uint8Array(text)]);
}
