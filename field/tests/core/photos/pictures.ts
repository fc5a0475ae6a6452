// JPEGs by their parts. Nobody looks at them: what is asked is what stands in them.

import { concat, type Bytes } from "../../../src/core/bytes";

export const START = new Uint8Array([0xff, 0xd8]);
const END = new Uint8Array([0xff, 0xd9]);

export function segment(marker: number, body: Uint8Array): Bytes {
  const size = body.length + 2;
  return concat([new Uint8Array([0xff, marker, size >> 8, size & 0xff]), new Uint8Array(body)]);
}

export const JFIF = segment(
  0xe0,
  new Uint8Array([0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]),
);
export const SCAN = segment(0xda, new Uint8Array([1, 1, 0, 0, 63, 0]));

/** A picture whose packed part is these bytes. */
export function picture(packed: Uint8Array): Bytes {
  return concat([START, JFIF, segment(0xdb, new Uint8Array(65)), SCAN, new Uint8Array(packed), END]);
}

export const CLEAN = picture(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]));

/** The clean picture with more parts after its start. */
export function withSegments(...more: readonly Bytes[]): Bytes {
  return concat([START, ...more, CLEAN.slice(START.length)]);
}
