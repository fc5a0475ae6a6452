// Enrolment: the code and the fingerprint come from the QR code, the key stays on the device. Until the
// server has said yes, and that is written, the device is what it was and records as it did.

import { utf8 } from "./bytes";
import { afterContact, checkAnchor } from "./contact";
import { newIdentity } from "./device";
import { startOver } from "./leaving";
import { type EnrolAnswer, SCHEMA } from "./protocol";
import type { Session, State } from "./session";
import { fingerprint } from "./signing";
import type { Identity, KeysRow } from "./store";
import { ask, PROBLEMS, RefusedError, StrangeAnswerError, type Transport } from "./transport";

export interface Invitation {
  readonly code: string;
  /** SHA-256 of the server's key, as the QR code shows it. */
  readonly fingerprint: string;
}

/** A wish was bound by somebody else's code, or the code has bound another wish of this phone. */
const ANOTHERS: readonly number[] = [PROBLEMS.deviceTaken, PROBLEMS.codeRefused];

export interface AppInfo {
  readonly app: string;
  readonly platform: string;
}

/** Enrol with the server the QR code names: a device made just now as itself, any other as a new one.
 * No exchange is under way meanwhile, so no answer to the old device reaches the new one. Answers the
 * session to go on with. `passphrase` only for a phone that changes hands: until the server has said
 * whose code it is, nobody knows that one is needed. Throws LostError, RefusedError, StrangeAnswerError,
 * and what `startOver` throws; then all is as it was, and the same may be tried again. */
export function enrol(
  session: Session,
  transport: Transport,
  invitation: Invitation,
  app: AppInfo,
  passphrase: string | null = null,
): Promise<Session> {
  const enrolAs = async (identity: Identity): Promise<Session> => {
    const answer = await asked(transport, invitation, app, identity);
    const { token, person, server_key: serverKey } = answer;
    const enrolled = (first: State): State => ({
      ...afterContact(session, first, answer),
      status: "enrolled",
      enrolment: { token, person, serverKey },
    });
    return startOver(session, identity, enrolled, passphrase);
  };
  const alone = async (): Promise<Session> => {
    // An answer that was lost may have bound what we ask for to somebody else's code. It is asked for
    // again all the same: their next code makes it good, and at the station no device stays unheard.
    let refusal: RefusedError | null = null;
    for (const identity of await wishes(session)) {
      try {
        return await enrolAs(identity);
      } catch (error) {
        const number = error instanceof RefusedError ? error.number : 0;
        if (!(error instanceof RefusedError && ANOTHERS.includes(number))) {
          throw error;
        }
        refusal = number === PROBLEMS.codeRefused ? error : refusal;
      }
    }
    if (refusal !== null) {
      throw refusal;
    }
    // One who never was there can be bound by any code that is good.
    return enrolAs(await wishedAnew(session));
  };
  return session.alone("sync", () => session.alone("photos", alone));
}

/** What the device has asked to become, as long as nothing came of it: the first time, itself. */
async function wishes(session: Session): Promise<Identity[]> {
  const keys = await session.store.keys.get("keys");
  const isNew = (await session.state()).status === "new";
  const itself = isNew && keys ? [identityIn(keys)] : [];
  return [...itself, ...askedFor(keys)];
}

async function wishedAnew({ store, data }: Session): Promise<Identity> {
  const wish = await newIdentity(data);
  const before = askedFor(await store.keys.get("keys"));
  await store.keys.update("keys", { next: [...before, wish] });
  return wish;
}

function askedFor(keys: KeysRow | undefined): readonly Identity[] {
  return keys?.next === undefined ? [] : [keys.next].flat();
}

function identityIn({ device, publicKey, signing }: Identity): Identity {
  return { device, publicKey, signing };
}

async function asked(
  transport: Transport,
  { code, fingerprint: expected }: Invitation,
  { app, platform }: AppInfo,
  { device, publicKey }: Identity,
): Promise<EnrolAnswer> {
  const said = { code, device_id: device, public_key: publicKey, app, schema: SCHEMA, platform };
  const headers = { "Content-Type": "application/json" };
  const body = utf8(JSON.stringify(said));
  const answer = await ask<EnrolAnswer>(transport, { path: "enrol", headers, body });
  if ((await fingerprint(answer.server_key)) !== expected) {
    throw new StrangeAnswerError("not the server the code was shown by");
  }
  await checkAnchor(device, answer.server_key, answer.anchor);
  return answer;
}
