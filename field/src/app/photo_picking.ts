// A picture as the phone's camera gives it becomes one that may be kept: drawn anew, so that nothing
// but what is seen goes with it, and small.

import type { Bytes } from "../core/bytes";
import { cleaned, MOST_BYTES, NotCleanError } from "../core/photos/jpeg";

const LONGEST_SIDE = 1600;
/** Tried in turn until the picture is small enough. */
const QUALITIES = [0.8, 0.65, 0.5, 0.35];

/** The picture alone, at most 1,600 pixels and 400 KB. Throws NotCleanError where it cannot be drawn,
 * made small enough, or shown to hold nothing else. */
export async function reduced(file: Blob): Promise<Bytes> {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => {
    throw new NotCleanError("no picture");
  });
  try {
    for (const quality of QUALITIES) {
      const blob = await drawn(bitmap, quality);
      const jpeg = new Uint8Array(await blob.arrayBuffer());
      if (jpeg.length <= MOST_BYTES) {
        return cleaned(jpeg);
      }
    }
  } finally {
    bitmap.close();
  }
  throw new NotCleanError("too large");
}

function drawn(bitmap: ImageBitmap, quality: number): Promise<Blob> {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  context?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new NotCleanError("not drawn"))),
      "image/jpeg",
      quality,
    );
  });
}
