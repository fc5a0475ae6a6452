// What every answer brings: the server's signed time, and with it the lease.

import type { Anchor, Standing } from "./protocol";
import { enrolmentOf, type Session, type State } from "./session";
import { holds } from "./signing";
import { StrangeAnswerError } from "./transport";

/** What the headers of every request after enrolment hold; a withdrawn device keeps its token until it
 * has handed over everything. The clock is noted: whoever asks for them is about to ask the server. */
export function authorised(session: Session, state: State): Record<string, string> {
  const { token } = state.withdrawn ?? enrolmentOf(state);
  session.watch.ask();
  return { Authorization: `Device ${session.deviceId}.${token}` };
}

/** Refuse an answer whose time the enrolled server has not signed for this device. */
export async function checkAnchor(
  deviceId: string,
  serverKey: string,
  anchor: Anchor | undefined,
): Promise<void> {
  if (typeof anchor?.at !== "string" || typeof anchor.n !== "number") {
    throw new StrangeAnswerError("an answer without the server's time");
  }
  const said = { at: anchor.at, device: deviceId, n: anchor.n };
  if (!(await holds(serverKey, said, anchor.signature))) {
    throw new StrangeAnswerError("the time is not signed by the server enrolled with");
  }
}

/** What a state becomes by an answer that was checked. */
export function afterContact(session: Session, state: State, standing: Standing): State {
  session.watch.restart();
  const wall = session.clock.now();
  const { unknown: _, ...before } = state;
  return {
    ...before,
    // It answers this app's schema, so it knows it.
    status: state.status === "outdated" ? "enrolled" : state.status,
    anchor: standing.anchor,
    contact: {
      at: Date.parse(standing.anchor.at),
      until: Date.parse(standing.lease_until),
      wall,
      asked: session.watch.asked ?? wall,
      seen: wall,
      passed: 0,
    },
    witness: standing.witness ?? state.witness,
  };
}
