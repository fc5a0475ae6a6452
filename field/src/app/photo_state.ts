// What is known of photos that are being saved, wherever the officer has gone meanwhile.

import { computed, type ComputedRef, reactive, ref } from "vue";

/** How many are being saved, by what they were taken in. */
const underWay = reactive(new Map<string, number>());

/** What went wrong with a photo whose screen is no longer there. */
export const untold = ref("");

/** Whether a photo taken in this is still being saved. */
export function useSavingPhotos(visit: () => string): ComputedRef<boolean> {
  return computed(() => (underWay.get(visit()) ?? 0) > 0);
}

/** So many more are being saved, or fewer. */
export function countSaving(visit: string, more: number): void {
  underWay.set(visit, (underWay.get(visit) ?? 0) + more);
}
