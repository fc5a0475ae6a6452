import { describe, expect, it } from "vitest";
import { concat } from "../../../src/core/bytes";
import { checkClean, cleaned, MOST_BYTES, NotCleanError } from "../../../src/core/photos/jpeg";
import { CLEAN, JFIF, SCAN, segment, START, withSegments } from "./pictures";

describe("a photo", () => {
  it("passes as it is where it is only a picture", () => {
    expect(cleaned(CLEAN)).toEqual(CLEAN);
  });

  it.each([0xe1, 0xe2, 0xed, 0xee, 0xef, 0xfe, 0xf0])("loses its part %i", (marker) => {
    const told = withSegments(segment(marker, new Uint8Array(40).fill(7)));
    expect(() => checkClean(told)).toThrow(NotCleanError);
    expect(cleaned(told)).toEqual(CLEAN);
  });

  it("loses a thumbnail", () => {
    const thumbnail = new Uint8Array([...JFIF.subarray(4, 16), 1, 1, 9, 9, 9]);
    expect(cleaned(withSegments(segment(0xe0, thumbnail)))).toEqual(CLEAN);
  });

  it("loses what follows its end", () => {
    const trailed = concat([CLEAN, new Uint8Array([1, 2, 3])]);
    expect(() => checkClean(trailed)).toThrow(NotCleanError);
    expect(cleaned(trailed)).toEqual(CLEAN);
  });

  it("is refused wherever it is cut", () => {
    for (let length = 0; length < CLEAN.length; length += 1) {
      expect(() => cleaned(CLEAN.slice(0, length))).toThrow(NotCleanError);
    }
  });

  it("is refused where it is no JPEG, has no picture or is too large", () => {
    const large = concat([START, SCAN, new Uint8Array(MOST_BYTES), new Uint8Array([0xff, 0xd9])]);
    for (const other of [new TextEncoder().encode("GIF89a"), new Uint8Array([255, 216, 255, 217]), large]) {
      expect(() => cleaned(other)).toThrow(NotCleanError);
    }
  });

  it("keeps restarts and stuffed bytes within its picture", () => {
    const body = new Uint8Array([1, 0xff, 0, 2, 0xff, 0xd3, 4]);
    const jpeg = concat([START, JFIF, SCAN, body, new Uint8Array([0xff, 0xd9])]);
    expect(cleaned(jpeg)).toEqual(jpeg);
  });
});
