// The way to a server over HTTP, on this machine only.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { concat, utf8 } from "../../src/core/bytes";
import { sync } from "../../src/core/syncing";
import { eachChunk, fetchTransport, gzipped, LostError } from "../../src/core/transport";
import { enrolled } from "../devices";
import { addresses, household, matter, states, VILLAGE } from "../exchanges";
import { loopback } from "../no_network";
import { bytesOf, reply, Station } from "../station";

let server: Server | null = null;

afterEach(() => {
  vi.useRealTimers();
  server?.closeAllConnections();
  server?.close();
  server = null;
});

/** Serve by what `answer` does; the address to reach it by. */
async function serving(
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<string> {
  const made = createServer((request, response) => void answer(request, response));
  server = made;
  await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
}

/** A station behind HTTP, that packs its answers to pulls as the real one does. */
function stationAt(station: Station) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parts: Buffer[] = [];
    for await (const part of request) {
      parts.push(part as Buffer);
    }
    const path = request.url?.replace("/sync/v1/", "") ?? "";
    const names = { Authorization: "authorization", "Cunjing-Push": "cunjing-push" };
    const headers = Object.fromEntries(
      Object.entries(names).map(([name, sent]) => [name, String(request.headers[sent] ?? "")]),
    );
    const answer = await station.answer({ path, headers, body: new Uint8Array(Buffer.concat(parts)) });
    const packed = path === "pull" && answer.status === 200;
    response.writeHead(answer.status, packed ? { "Content-Encoding": "gzip" } : {});
    response.end(await bytesOf(answer.body));
  };
}

describe("the way over HTTP", () => {
  it("carries pushes and packed pulls, whoever unpacks them", async () => {
    const station = await Station.open();
    station.scopes.set(VILLAGE, { epoch: "a", changes: [household("h", "村东一号")] });
    const session = await enrolled(station);
    await matter(session, "m");
    const transport = fetchTransport(await serving(stationAt(station)), loopback);
    expect(await sync(session, transport)).toEqual({ kind: "done", sent: 1 });
    expect([await states(session), await addresses(session)]).toEqual([["accepted"], ["村东一号"]]);
  });

  it("is lost where nobody listens, and where the line is cut within an answer", async () => {
    const session = await enrolled(await Station.open());
    const url = await serving((_, response) => {
      response.writeHead(200, { "Content-Length": "1000" });
      response.write("{");
      setTimeout(() => response.destroy(), 10);
    });
    expect(await sync(session, fetchTransport(url, loopback))).toMatchObject({ kind: "lost" });
    const nobody = fetchTransport("http://127.0.0.1:9", loopback);
    expect(await sync(session, nobody)).toMatchObject({ kind: "lost" });
  });

  it.each([
    ["a minute in which nothing came", 0, 60_000],
    ["as much more as its body needs on a slow link", 200_000, 140_000],
  ])("is given up after %s", async (_, length, wait) => {
    vi.useFakeTimers();
    let given = false;
    const silent: typeof fetch = (_asked, options) =>
      new Promise((_resolve, reject) => {
        options?.signal?.addEventListener("abort", () => {
          given = true;
          reject(new Error("aborted"));
        });
      });
    const asked = fetchTransport("http://127.0.0.1", silent)({
      path: "push",
      headers: {},
      body: new Uint8Array(length),
    });
    const failed = expect(asked).rejects.toThrow("aborted");
    await vi.advanceTimersByTimeAsync(wait - 1);
    expect(given).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await failed;
  });
});

describe("a body", () => {
  async function read(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    const chunks: Uint8Array[] = [];
    await eachChunk(reply(200, bytes).body, (chunk) => chunks.push(chunk));
    return Buffer.from(concat(chunks)).toString();
  }

  it("is unpacked where it came packed, and taken as it is where not", async () => {
    const text = utf8("一村一警\n".repeat(1000));
    expect(await read(await gzipped(text))).toBe(Buffer.from(text).toString());
    expect(await read(text)).toBe(Buffer.from(text).toString());
    expect([await read(utf8("一")), await read(new Uint8Array())]).toEqual(["一", ""]);
  });

  it("packed and cut short is lost", async () => {
    const packed = await gzipped(utf8("一村一警"));
    await expect(read(packed.slice(0, -1))).rejects.toThrow(LostError);
  });
});
