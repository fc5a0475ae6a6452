import { describe, expect, it } from "vitest";
import { readPull } from "../../src/core/answers";
import { utf8, type Bytes } from "../../src/core/bytes";
import { LostError, StrangeAnswerError } from "../../src/core/transport";

const OPENING = { scope: "v", epoch: "e", from: 0, seq: 2, digest: "d", more: false };
const ROW = { row: "household", id: "h", version: "1", address: "村东一号" };
const GONE = { gone: "household", id: "g" };
const END = { scope_end: "v" };
const REVOKED = { scope: "w", revoked: true };
const WHOLE = [OPENING, ROW, GONE, END, REVOKED];

/** A body that arrives in chunks of so many bytes. */
function body(lines: readonly object[], size = 1000): ReadableStream<Bytes> {
  const bytes = utf8(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  let at = 0;
  return new ReadableStream({
    pull: (controller) => {
      if (at >= bytes.length) {
        controller.close();
      } else {
        controller.enqueue(bytes.slice(at, at + size));
        at += size;
      }
    },
  });
}

describe("the answer to a pull", () => {
  it.each([1, 2, 7, 1000])("is the same in chunks of %i bytes", async (size) => {
    const closing = { lines: WHOLE.length, last: 3 };
    expect(await readPull(body([...WHOLE, closing], size))).toEqual({
      scopes: [{ ...OPENING, rows: [ROW], gone: [{ type: "household", id: "g" }] }],
      revoked: ["w"],
      standing: closing,
    });
  });

  it.each([
    ["without its last line", WHOLE],
    ["with other lines than it counts", [...WHOLE, { lines: 4 }]],
    ["with a scope that does not end", [OPENING, ROW, { lines: 2 }]],
  ])("%s is lost", async (_, lines) => {
    await expect(readPull(body(lines))).rejects.toThrow(LostError);
  });

  it.each([
    ["a row outside every scope", [ROW, { lines: 1 }]],
    ["another scope's end", [OPENING, { scope_end: "w" }, { lines: 2 }]],
    ["a line that says nothing", [OPENING, {}, END, { lines: 3 }]],
    ["a line after the last", [{ lines: 0 }, REVOKED]],
  ])("with %s is none", async (_, lines) => {
    await expect(readPull(body(lines))).rejects.toThrow(StrangeAnswerError);
  });
});
