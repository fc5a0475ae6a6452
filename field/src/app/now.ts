// What the phone's clock shows, for a screen on which it matters.

import { onBeforeUnmount, type Ref, ref } from "vue";

const TICK_MS = 5_000;

export interface Now {
  readonly now: Ref<number>;
  /** Read the clock at once, for what is about to be judged by it. */
  look(): void;
}

/** The time, going on while the screen stands: somebody may look at it for long, over midnight too. */
export function useNow(): Now {
  const now = ref(Date.now());
  const look = (): void => {
    now.value = Date.now();
  };
  const timer = setInterval(look, TICK_MS);
  onBeforeUnmount(() => clearInterval(timer));
  return { now, look };
}
