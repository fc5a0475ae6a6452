// What a person has made on this phone, and nobody else has.

import { formsKept } from "./notes";
import { isAgain, isUnanswered, linesAgain } from "./outbox";
import type { Store } from "./store";

export interface Left {
  readonly lines: number;
  /** Lines that are probably at the server, and wait to be compared with what it has. */
  readonly again: number;
  readonly visits: number;
  readonly photos: number;
  readonly forms: number;
}

/** What would go with the device: lines the server has not, visits under way, photos, forms half filled in. It can be counted while the device is locked. */
export async function leftHere({ store }: { readonly store: Store }): Promise<Left> {
  const unsent = store.outbox.filter((row) => isUnanswered(row) && !isAgain(row));
  const [lines, again, visits, photos, forms] = await Promise.all([
    unsent.count(),
    linesAgain({ store }),
    store.drafts.count(),
    store.photos.count(),
    formsKept(store),
  ]);
  return { lines, again, visits, photos, forms };
}

export function isAnythingLeft({ lines, visits, photos, forms }: Left): boolean {
  return lines + visits + photos + forms > 0;
}
