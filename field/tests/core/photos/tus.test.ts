import { beforeEach, describe, expect, it } from "vitest";
import { concat, type Bytes } from "../../../src/core/bytes";
import type { Outgoing } from "../../../src/core/photos/sending";
import { PIECE, tusUpload } from "../../../src/core/photos/tus";

const FILES = "http://station.test/sync/v1/files";
const CONTENT = crypto.getRandomValues(new Uint8Array(50_000));
const LARGE: Bytes = concat(Array.from({ length: 7 }, () => CONTENT));

/** A server of tus in memory. `cut`: after so many bytes of a request the connection breaks. */
class Server {
  readonly asked: string[] = [];
  bytes: Bytes | null = null;
  length = 0;
  cut = Number.POSITIVE_INFINITY;
  refusal: Response | null = null;

  readonly fetcher: typeof fetch = async (_, options) => {
    const method = options?.method ?? "";
    const headers = new Headers(options?.headers);
    this.asked.push(method);
    if (this.refusal !== null) {
      return this.refusal.clone();
    }
    if (headers.get("Authorization") !== "Device d.t") {
      return new Response(null, { status: 401 });
    }
    if (method === "POST") {
      this.bytes ??= new Uint8Array();
      this.length = Number(headers.get("Upload-Length"));
      return new Response(null, { status: 201, headers: { Location: `${FILES}/digest` } });
    }
    if (this.bytes === null) {
      return new Response(null, { status: 404 });
    }
    return method === "HEAD" ? this.told(200) : this.take(options?.body, headers);
  };

  private async take(body: unknown, headers: Headers): Promise<Response> {
    const bytes = this.bytes ?? new Uint8Array();
    if (Number(headers.get("Upload-Offset")) !== bytes.length) {
      return new Response(null, { status: 409 });
    }
    const sent = new Uint8Array(await new Response(body as BodyInit).arrayBuffer());
    this.bytes = concat([bytes, sent.slice(0, this.cut)]);
    if (sent.length > this.cut) {
      throw new TypeError("the connection broke");
    }
    return this.told(204);
  }

  private told(status: number): Response {
    const headers = {
      "Upload-Offset": String(this.bytes?.length),
      "Upload-Length": String(this.length),
    };
    return new Response(null, { status, headers });
  }
}

let server: Server;

beforeEach(() => {
  server = new Server();
});

function send(content: Bytes, progress: (bytes: number) => void = () => undefined) {
  const wrap = (bytes: Bytes): Blob => Buffer.from(bytes) as unknown as Blob;
  const photo: Outgoing = {
    id: "p",
    sha256: "digest",
    content,
    headers: { Authorization: "Device d.t" },
  };
  return tusUpload({ files: FILES, fetcher: server.fetcher, wrap })(photo, progress);
}

describe("a photo on its way", () => {
  it("goes in pieces that a cut can afford to lose", async () => {
    const steps: number[] = [];
    expect(await send(LARGE, (bytes) => steps.push(bytes))).toEqual({ kind: "sent" });
    expect(Buffer.compare(server.bytes ?? CONTENT, LARGE)).toBe(0);
    const whole = Math.floor(LARGE.length / PIECE);
    const patches = Array.from({ length: whole + 1 }, () => "PATCH");
    expect(server.asked).toEqual(["HEAD", "POST", ...patches]);
    expect(steps).toEqual([...patches.keys()].map((at) => Math.min((at + 1) * PIECE, LARGE.length)));
  });

  it("says what had arrived of a piece that was cut", async () => {
    server.cut = 1_000;
    const steps: number[] = [];
    await send(CONTENT, (bytes) => steps.push(bytes));
    await send(CONTENT, (bytes) => steps.push(bytes));
    expect(steps).toEqual([1_000]);
  });

  it("goes on where it was cut, wherever that was", async () => {
    for (const cut of [0, 1, 1_000, 49_999]) {
      server = new Server();
      server.cut = cut;
      expect(await send(CONTENT)).toEqual({ kind: "lost" });
      server.cut = Number.POSITIVE_INFINITY;
      expect(await send(CONTENT)).toEqual({ kind: "sent" });
      expect(Buffer.compare(server.bytes ?? LARGE, CONTENT)).toBe(0);
    }
  });

  it("is not sent again where the server has it", async () => {
    await send(CONTENT);
    server.asked.length = 0;
    expect(await send(CONTENT)).toEqual({ kind: "sent" });
    expect(server.asked).toEqual(["HEAD"]);
  });

  it("says why it was refused", async () => {
    const detail = "照片里还带有拍摄信息。";
    server.refusal = new Response(JSON.stringify({ detail }), { status: 422 });
    expect(await send(CONTENT)).toEqual({ kind: "refused", reason: detail });
  });

  it.each([
    [404, "unknown"],
    [401, "lost"],
    [400, "lost"],
    [500, "lost"],
    [503, "lost"],
  ])("knows what %i means", async (status, kind) => {
    server.refusal = new Response("no document", { status });
    expect(await send(CONTENT)).toMatchObject({ kind });
  });
});
