// Where the page's device lives, and its way to the server.

import { systemClock } from "../core/clock";
import { webLocks } from "../core/lock";
import type { Surroundings } from "../core/session";
import { Store } from "../core/store";
import { fetchTransport, type Transport } from "../core/transport";

const STORE = "cunjing";

let made: Surroundings | null = null;

/** Made at first use: a browser that lacks something says so before. */
export function surroundings(): Surroundings {
  made ??= {
    store: new Store(STORE, { indexedDB, IDBKeyRange }),
    clock: systemClock,
    lock: webLocks(navigator.locks),
  };
  return made;
}

/** The app is served by the server it speaks to. */
export const transport: Transport = (request) =>
  fetchTransport(location.origin, (...said) => fetch(...said))(request);

/** What the phone says of itself; people at the station read it. */
export function platform(): string {
  // Only what can be printed in a line; the server takes no more than this.
  return navigator.userAgent.replace(/[^\x20-\x7e]/g, "").slice(0, 120);
}
