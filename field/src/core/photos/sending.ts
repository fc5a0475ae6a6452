// Sending photos: one after the other, each from the byte the server has, until all are there. That of
// a line which was not taken goes too: a person at the station decides about both.

import type { Bytes } from "../bytes";
import { authorised } from "../contact";
import { letGo as letGoOfToken } from "../handover";
import { isUnanswered, wasDone } from "../outbox";
import type { Session } from "../session";
import {
  keepRefused,
  letGo,
  photoContent,
  promiseAgain,
  type Promised,
  promisedPhotos,
  reasonOf,
} from "./photos";

export interface Outgoing {
  readonly id: string;
  readonly sha256: string;
  readonly content: Bytes;
  /** What every request of it carries. */
  readonly headers: Readonly<Record<string, string>>;
}

/** `sent`: the server has all of it. `lost`: try again later. `unknown`: the server knows of no such
 * promise of this device. `refused`: it will not take it, and says why. */
export type Sent =
  | { readonly kind: "sent" | "lost" | "unknown" }
  | { readonly kind: "refused"; readonly reason: string };

export type Upload = (
  photo: Outgoing,
  progress: (bytes: number) => void,
) => Promise<Sent>;

/** Bytes of a photo the server has. */
export type Progress = (id: string, bytes: number, length: number) => void;

/** How sending ended. `moved`: the server has more than it had before, so the link works at times. */
export interface Sending {
  readonly sent: number;
  readonly lost: boolean;
  readonly moved: boolean;
}

/** The most bytes of each photo the server was known to have, while the device is unlocked. */
const reached = new WeakMap<Session, Map<string, number>>();

/** Send what was promised and answered. Ends at the first that is lost: the network that lost it
 * would lose the next. Never throws for what the network or the server do. */
export function sendPhotos(
  session: Session,
  upload: Upload,
  progress: Progress = () => undefined,
): Promise<Sending> {
  return session.alone("photos", async () => {
    const before = reached.get(session) ?? new Map<string, number>();
    reached.set(session, before);
    let [sent, lost, moved] = [0, false, false];
    const seen: Progress = (id, bytes, length) => {
      moved ||= bytes > (before.get(id) ?? 0);
      before.set(id, Math.max(bytes, before.get(id) ?? 0));
      progress(id, bytes, length);
    };
    for (const photo of await promisedPhotos(session)) {
      const done = await sendOne(session, photo, upload, seen);
      sent += done === "sent" ? 1 : 0;
      lost = done === "lost";
      if (lost) {
        break;
      }
    }
    await letGoOfToken(session);
    return { sent, lost, moved };
  });
}

async function sendOne(
  session: Session,
  { row, facts, line }: Promised,
  upload: Upload,
  progress: Progress,
): Promise<Sent["kind"] | "waiting"> {
  if (line !== null && isUnanswered(line)) {
    return "waiting";
  }
  const [state, content] = [await session.state(), await photoContent(session, row.id)];
  if (content === null || !(state.enrolment ?? state.withdrawn)) {
    return "waiting";
  }
  const headers = authorised(session, state);
  const outgoing = { id: row.id, sha256: facts.sha256, content, headers };
  const sent = await upload(outgoing, (bytes) => progress(row.id, bytes, facts.length));
  await note(session, { row, facts, line }, sent, { goes: state.enrolment === null });
  return sent.kind;
}

/** What becomes of a photo here. `goes`: the device was withdrawn, and keeps nothing the server has. */
async function note(
  session: Session,
  { row, line }: Promised,
  sent: Sent,
  { goes }: { readonly goes: boolean },
): Promise<void> {
  const taken = line === null || wasDone(line);
  if (sent.kind === "sent" && (taken || goes)) {
    await letGo(session, row, line);
  } else if (sent.kind === "refused") {
    await keepRefused(session, row, { reason: sent.reason });
  } else if (sent.kind !== "lost" && !taken) {
    // The officer sees that it was not taken, and that it went to whoever decides; or that somebody has.
    const reason = await reasonOf(session, line);
    await keepRefused(session, row, { reason, held: sent.kind === "sent" });
  } else if (sent.kind === "unknown" && line?.line == null) {
    // Promised by the device this one was before, or let go of: promised once more, by this one.
    await promiseAgain(session, row);
  }
}
