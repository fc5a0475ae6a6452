// JSON as both sides write it before they sign it: keys in order, no spaces, UTF-8.

import { utf8, type Bytes } from "./bytes";

export type Flat = Readonly<Record<string, string | number>>;

/** The bytes a signature covers. Flat objects of texts and whole numbers only: all that is signed. */
export function canonical(value: Flat): Bytes {
  return utf8(JSON.stringify(value, Object.keys(value).sort()));
}
