// What every read begins with, at one moment: the state, the scopes, the lines over the pulled rows.

import type { Session, State } from "./session";
import type { OutboxRow, ScopeRow } from "./store";

export interface Moment {
  readonly state: State;
  readonly scopes: readonly ScopeRow[];
  /** The lines that lie over the pulled rows, oldest first. */
  readonly pending: readonly OutboxRow[];
}

const asked = new WeakMap<Session, Promise<Moment>>();

/** The moment now. All who ask before it is read share one reading: a screen asks many times at once,
 * and each reading for itself would take longer than what is read. Nobody gets one from before. */
export function momentOf(session: Session): Promise<Moment> {
  const shared = asked.get(session);
  if (shared !== undefined) {
    return shared;
  }
  const read = Promise.resolve().then(() => {
    asked.delete(session);
    return readNow(session);
  });
  asked.set(session, read);
  return read;
}

async function readNow(session: Session): Promise<Moment> {
  const { state, scopes, outbox } = session.store;
  const [row, held, pending] = await session.store.transaction("r", [state, scopes, outbox], () =>
    Promise.all([
      state.get("state"),
      scopes.toArray(),
      outbox.where("pending").equals(1).sortBy("n"),
    ]),
  );
  return { state: await session.stateIn(row), scopes: held, pending };
}
