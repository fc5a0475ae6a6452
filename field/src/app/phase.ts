// What stands on the page: the way in, or what is behind it. Kept apart from the device, so that the way
// in is there, and a passphrase can be typed, before the device has been read.

import { type Component, ref, shallowRef } from "vue";

/** `fresh`: no device on this phone. */
export type Phase = "starting" | "fresh" | "locked" | "open";

const NAME = "cunjing-bound";

/** There was a device here last time; whether it is still there is looked at soon. */
export const phase = ref<Phase>(remembered() ? "locked" : "starting");
/** The open device is still to be bound, and holds nothing that anybody would look at before. */
export const unbound = ref(false);
/** What is behind the way in, once it has been read. */
export const inside = shallowRef<Component | null>(null);

/** Remember whether this phone has a device: nothing else of it. */
export function remember(there: boolean): void {
  try {
    if (there) {
      localStorage.setItem(NAME, "1");
    } else {
      localStorage.removeItem(NAME);
    }
  } catch {
    // Storage is closed to the page: the way in comes a moment later.
  }
}

function remembered(): boolean {
  try {
    return localStorage.getItem(NAME) !== null;
  } catch {
    return false;
  }
}
