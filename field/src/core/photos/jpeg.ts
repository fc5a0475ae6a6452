// A JPEG without anything but its picture. What a part is for is known by its marker; what is not
// known to be needed for showing the picture goes, and what cannot be read is refused.

import { concat, type Bytes } from "../bytes";

export const MOST_BYTES = 400 * 1024;

const START = 0xd8;
const END = 0xd9;
const SCAN = 0xda;
const JFIF = 0xe0;
const RESTARTS = { first: 0xd0, last: 0xd7 };
/** Tables, the frame (baseline, extended, progressive), restarts, scans. */
const NEEDED = new Set([0xc0, 0xc1, 0xc2, 0xc4, 0xdb, 0xdd, SCAN]);
const JFIF_BYTES = 14;
const NAME = "JFIF\0";

/** No JPEG, or one whose metadata cannot be told from its picture. */
export class NotCleanError extends Error {}

interface Segment {
  readonly marker: number;
  /** From its marker to the next one, a scan's picture included. */
  readonly whole: Bytes;
  /** What stands in it, without marker and length. */
  readonly body: Bytes;
}

/** The picture alone. Throws NotCleanError. */
export function cleaned(jpeg: Bytes): Bytes {
  const kept = [...segmentsOf(jpeg)].filter(isHarmless);
  const clean = concat([
    new Uint8Array([0xff, START]),
    ...kept.map(({ whole }) => whole),
    new Uint8Array([0xff, END]),
  ]);
  checkClean(clean);
  return clean;
}

/** Throws NotCleanError unless this is a picture and nothing else, small enough to be sent. */
export function checkClean(jpeg: Bytes): void {
  const segments = [...segmentsOf(jpeg)];
  const length = segments.reduce((sum, { whole }) => sum + whole.length, 4);
  if (length !== jpeg.length || !segments.every(isHarmless)) {
    throw new NotCleanError("more than a picture");
  }
  if (!segments.some(({ marker }) => marker === SCAN)) {
    throw new NotCleanError("no picture");
  }
  if (jpeg.length > MOST_BYTES) {
    throw new NotCleanError(`${jpeg.length} bytes`);
  }
}

function isHarmless({ marker, body }: Segment): boolean {
  if (marker !== JFIF) {
    return NEEDED.has(marker);
  }
  // A thumbnail would be a second picture.
  const named = [...NAME].every((letter, at) => body[at] === letter.charCodeAt(0));
  return named && body.length === JFIF_BYTES && body[12] === 0 && body[13] === 0;
}

function* segmentsOf(jpeg: Bytes): Generator<Segment> {
  if (jpeg[0] !== 0xff || jpeg[1] !== START) {
    throw new NotCleanError("no JPEG");
  }
  let place = 2;
  for (;;) {
    const marker = byteAt(jpeg, place + 1);
    if (byteAt(jpeg, place) !== 0xff) {
      throw new NotCleanError("damaged");
    }
    if (marker === END) {
      return;
    }
    const size = byteAt(jpeg, place + 2) * 256 + byteAt(jpeg, place + 3);
    const bodyEnd = place + 2 + size;
    if (size < 2 || bodyEnd > jpeg.length) {
      throw new NotCleanError("damaged");
    }
    const end = marker === SCAN ? scanEnd(jpeg, bodyEnd) : bodyEnd;
    yield {
      marker,
      whole: jpeg.subarray(place, end),
      body: jpeg.subarray(place + 4, bodyEnd),
    };
    place = end;
  }
}

/** Where the packed picture ends: at the next marker that is no restart. */
function scanEnd(jpeg: Bytes, from: number): number {
  for (let place = jpeg.indexOf(0xff, from); place >= 0; place = jpeg.indexOf(0xff, place + 2)) {
    const following = byteAt(jpeg, place + 1);
    const restart = following >= RESTARTS.first && following <= RESTARTS.last;
    if (following !== 0 && !restart) {
      return place;
    }
  }
  throw new NotCleanError("cut");
}

function byteAt(jpeg: Bytes, place: number): number {
  const byte = jpeg[place];
  if (byte === undefined) {
    throw new NotCleanError("cut");
  }
  return byte;
}
