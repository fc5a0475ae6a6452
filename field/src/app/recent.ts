// What was chosen last, to be offered first next time: the frame of a form (kind, channel, audience,
// group), never its finding. A finding that fills itself in would be no finding.

import { keepNote, noteOf } from "../core/notes";
import type { Session } from "../core/session";

export interface Recent {
  readonly information?: string;
  readonly published?: readonly string[];
  readonly audience?: readonly string[];
  readonly session?: string;
  /** The group whose households were shown last, by village. */
  readonly hamlets?: Readonly<Record<string, string>>;
}

const NOTE = "recent";

export async function recentOf(session: Session): Promise<Recent> {
  return (await noteOf<Recent>(session, NOTE)) ?? {};
}

/** Where it cannot be kept, as on a full phone, the next form begins empty; nothing else is lost. */
export async function noteRecent(session: Session, more: Recent): Promise<void> {
  const all = { ...(await recentOf(session)), ...more };
  await keepNote(session, NOTE, all).catch(() => undefined);
}
