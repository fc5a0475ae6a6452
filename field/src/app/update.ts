// The service worker: the app opens without a network, and a new version says that it is there.

import { ref } from "vue";

const WORKER = "/field/sw.js";
const LOOK_MS = 60 * 60_000;

/** A new version is on the phone and waits to be taken. */
export const updateWaiting = ref(false);
/** All files of the app are on the phone: it opens without a network. */
export const readyOffline = ref(false);

let registration: ServiceWorkerRegistration | null = null;

export async function keepAppOffline(): Promise<void> {
  if (!("serviceWorker" in navigator)) {
    return;
  }
  void navigator.serviceWorker.ready.then(() => {
    readyOffline.value = true;
  });
  try {
    registration = await navigator.serviceWorker.register(WORKER, { updateViaCache: "none" });
  } catch {
    // Without a network the worker that is there goes on.
    registration = (await navigator.serviceWorker.getRegistration()) ?? null;
  }
  const kept = registration;
  if (kept === null) {
    return;
  }
  watchWaiting(kept);
  kept.addEventListener("updatefound", () => {
    kept.installing?.addEventListener("statechange", () => watchWaiting(kept));
  });
  setInterval(() => void kept.update().catch(() => undefined), LOOK_MS);
}

function watchWaiting(kept: ServiceWorkerRegistration): void {
  // The first worker of all is no update.
  updateWaiting.value = kept.waiting !== null && navigator.serviceWorker.controller !== null;
}

/** Take the new version. Forms half filled in are kept by then. */
export function takeUpdate(): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), {
    once: true,
  });
  registration?.waiting?.postMessage("take-over");
}
