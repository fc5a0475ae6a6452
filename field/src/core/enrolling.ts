// Enrolment: the code and the fingerprint come from the QR code, the key stays on the device.

import { utf8 } from "./bytes";
import { afterContact, checkAnchor } from "./contact";
import { type EnrolAnswer, SCHEMA } from "./protocol";
import type { Session } from "./session";
import { fingerprint } from "./signing";
import { ask, StrangeAnswerError, type Transport } from "./transport";

export interface Invitation {
  readonly code: string;
  /** SHA-256 of the server's key, as the QR code shows it. */
  readonly fingerprint: string;
}

export interface AppInfo {
  readonly app: string;
  readonly platform: string;
}

/** Enrol with the server the QR code names. Throws LostError, RefusedError, StrangeAnswerError. */
export async function enrol(
  session: Session,
  transport: Transport,
  invitation: Invitation,
  { app, platform }: AppInfo,
): Promise<void> {
  const { deviceId } = session;
  const publicKey = (await session.store.keys.get("keys"))?.publicKey;
  const said = { code: invitation.code, device_id: deviceId, public_key: publicKey, app };
  const body = utf8(JSON.stringify({ ...said, schema: SCHEMA, platform }));
  const headers = { "Content-Type": "application/json" };
  const answer = await ask<EnrolAnswer>(transport, { path: "enrol", headers, body });
  if ((await fingerprint(answer.server_key)) !== invitation.fingerprint) {
    throw new StrangeAnswerError("not the server the code was shown by");
  }
  await checkAnchor(deviceId, answer.server_key, answer.anchor);
  await session.change(async (state) => ({
    state: {
      ...afterContact(session, state, answer),
      status: "enrolled",
      enrolment: {
        token: answer.token,
        person: answer.person,
        serverKey: answer.server_key,
      },
    },
    write: () => Promise.resolve(),
    value: undefined,
  }));
}
