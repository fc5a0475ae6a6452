// The way to the server. Given from outside, so that tests can lose, cut and repeat what goes by it.

import { concat, textOf, type Bytes } from "./bytes";
import { numberOf, type Problem } from "./protocol";

export interface Request {
  /** Below `/sync/v1/`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Bytes;
}

export interface Reply {
  readonly status: number;
  readonly body: ReadableStream<Bytes>;
}

export type Transport = (request: Request) => Promise<Reply>;

/** Nothing, or not the whole, came back: what became of the request is not known. Try again. */
export class LostError extends Error {}

/** Everything was exchanged, but a photo did not arrive whole. It is tried again, from where it is. */
export class PhotoLostError extends LostError {}

/** The server answered with a problem. */
export class RefusedError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(`${status} ${problem.title}`);
  }

  get number(): number {
    return numberOf(this.problem);
  }

  /** How many lines of this device the server says it has; undefined where it does not say. */
  get last(): number | undefined {
    const { last } = this.problem;
    return typeof last === "number" && Number.isInteger(last) && last >= 0 ? last : undefined;
  }
}

/** The answer is none that a server of this protocol gives, or not from the server enrolled with. */
export class StrangeAnswerError extends Error {}

export const PROBLEMS = {
  deviceUnknown: 40102,
  deviceRevoked: 40103,
  codeRefused: 40302,
  deviceTaken: 40303,
  upgrade: 40902,
  gap: 40903,
  fork: 40904,
  tooLarge: 41301,
} as const;

const SILENCE_MS = 60_000;
/** What a slow link, 20 kbit/s, takes for a byte. */
const BYTE_MS = 8 / 20;

/** Requests by fetch; given up after a minute in which nothing came. While a body goes up nothing is
 * heard, so the first wait is as much longer as a slow link needs for it. */
export function fetchTransport(base: string, fetcher: typeof fetch = fetch): Transport {
  return async ({ path, headers, body }) => {
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), SILENCE_MS + BYTE_MS * body.length);
    const heard = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
    };
    const response = await fetcher(`${base}/sync/v1/${path}`, {
      method: "POST",
      headers,
      body,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      signal: silence.signal,
    });
    heard();
    const watched = new TransformStream<Bytes, Bytes>({
      transform: (chunk, controller) => {
        heard();
        controller.enqueue(chunk);
      },
      flush: () => clearTimeout(timer),
    });
    const empty = new Blob([]).stream();
    return { status: response.status, body: (response.body ?? empty).pipeThrough(watched) };
  };
}

/** Send, and read the whole answer as JSON. Throws LostError, RefusedError, StrangeAnswerError. */
export async function ask<T>(transport: Transport, request: Request): Promise<T> {
  const reply = await sent(transport, request);
  return (await jsonOf(reply)) as T;
}

/** Send; an answer with status 200 has its body still to come. */
export async function sent(transport: Transport, request: Request): Promise<Reply> {
  let reply: Reply;
  try {
    reply = await transport(request);
  } catch (error) {
    throw new LostError("no answer", { cause: error });
  }
  if (reply.status >= 500) {
    await reply.body.cancel().catch(() => undefined);
    throw new LostError(`the server has trouble: ${reply.status}`);
  }
  if (reply.status < 200 || reply.status >= 300) {
    throw new RefusedError(reply.status, await problemOf(reply));
  }
  return reply;
}

async function problemOf(reply: Reply): Promise<Problem> {
  const said = (await jsonOf(reply)) as Partial<Problem> | null;
  if (typeof said?.type !== "string") {
    throw new StrangeAnswerError(`${reply.status} without a problem document`);
  }
  return said as Problem;
}

async function jsonOf(reply: Reply): Promise<unknown> {
  const chunks: Bytes[] = [];
  await eachChunk(reply.body, (chunk) => chunks.push(chunk));
  try {
    return JSON.parse(textOf(concat(chunks)));
  } catch (error) {
    // A body cut short is no JSON either; both are asked again.
    throw new LostError("the answer did not arrive whole", { cause: error });
  }
}

/** Every chunk of a body, unpacked where it came packed. Throws LostError when it breaks off. */
export async function eachChunk(
  body: ReadableStream<Bytes>,
  take: (chunk: Bytes) => unknown,
): Promise<void> {
  try {
    const reader = (await unpacked(body)).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      await take(part.value);
    }
  } catch (error) {
    if (error instanceof StrangeAnswerError) {
      throw error;
    }
    throw new LostError("the answer broke off", { cause: error });
  }
}

const GZIP = [0x1f, 0x8b];

/** Browsers unpack what is declared as packed on the way; other ways do not. */
async function unpacked(body: ReadableStream<Bytes>): Promise<ReadableStream<Bytes>> {
  const [ahead, whole] = body.tee();
  const reader = ahead.getReader();
  let start: number[] = [];
  while (start.length < GZIP.length) {
    const part = await reader.read();
    if (part.done) {
      break;
    }
    start = [...start, ...part.value.subarray(0, GZIP.length)];
  }
  // Without this the chunks of the whole would be kept for a reader that has seen enough.
  void reader.cancel();
  const packed = GZIP.every((byte, at) => start[at] === byte);
  return packed ? whole.pipeThrough(new DecompressionStream("gzip")) : whole;
}

export async function gzipped(bytes: Bytes): Promise<Bytes> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}
