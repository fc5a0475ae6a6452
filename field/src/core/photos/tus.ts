// The way of a photo: tus 1.0, by its own client over fetch. The address is the digest, so no address
// has to be remembered: a phone that was killed asks for the digest and goes on.

import {
  DetailedError,
  type HttpRequest,
  type HttpResponse,
  type HttpStack,
  Upload as TusUpload,
} from "tus-js-client";
import type { Bytes } from "../bytes";
import type { Problem } from "../protocol";
import type { Sent, Upload } from "./sending";

/** What a request carries at most: all that a proxy which waits for the whole can lose. Browsers send
 * a request once more by themselves when its connection broke, so twice as much may be lost. */
export const PIECE = 64 * 1024;
const SILENCE_MS = 60_000;

export interface Way {
  /** Where photos go, as `version` of the server says. */
  readonly files: string;
  readonly fetcher?: typeof fetch;
  /** Under Node the library takes a Buffer only. */
  readonly wrap?: (content: Bytes) => Blob;
}

/** Uploads by tus. */
export function tusUpload({ files, fetcher = fetch, wrap = asBlob }: Way): Upload {
  return (photo, progress) =>
    new Promise((resolve) => {
      new TusUpload(wrap(photo.content), {
        endpoint: files,
        // Asked for first; opened where the server does not have it.
        uploadUrl: `${files}/${photo.sha256}`,
        uploadSize: photo.content.length,
        metadata: { sha256: photo.sha256 },
        headers: { ...photo.headers },
        chunkSize: PIECE,
        // When to try again is decided for all that is to be sent, not here.
        retryDelays: null,
        storeFingerprintForResuming: false,
        httpStack: new FetchStack(fetcher),
        // The first answer says what had arrived before, also of a piece that was cut.
        onAfterResponse: (_, answer) => {
          const bytes = Number(answer.getHeader("Upload-Offset") ?? 0);
          if (bytes > 0) {
            progress(bytes);
          }
        },
        onSuccess: () => resolve({ kind: "sent" }),
        onError: (error) => resolve(told(error)),
      }).start();
    });
}

function asBlob(content: Bytes): Blob {
  return new Blob([content], { type: "image/jpeg" });
}

/** What an error of the client comes to. */
function told(error: Error | DetailedError): Sent {
  const response = "originalResponse" in error ? error.originalResponse : null;
  const status = response?.getStatus() ?? 0;
  if (status === 404) {
    return { kind: "unknown" };
  }
  if (status === 422) {
    return { kind: "refused", reason: detailOf(response?.getBody() ?? "") };
  }
  return { kind: "lost" };
}

function detailOf(body: string): string {
  try {
    return (JSON.parse(body) as Problem).detail;
  } catch {
    return "";
  }
}

/** The library's requests by fetch: it exists in pages, workers and Node alike. */
class FetchStack implements HttpStack {
  constructor(private readonly fetcher: typeof fetch) {}

  createRequest(method: string, url: string): HttpRequest {
    return new FetchRequest(this.fetcher, method, url);
  }

  getName(): string {
    return "fetch";
  }
}

class FetchRequest implements HttpRequest {
  private readonly headers: Record<string, string> = {};
  private readonly control = new AbortController();

  constructor(
    private readonly fetcher: typeof fetch,
    private readonly method: string,
    private readonly url: string,
  ) {}

  getMethod(): string {
    return this.method;
  }

  getURL(): string {
    return this.url;
  }

  setHeader(name: string, value: string): void {
    this.headers[name] = value;
  }

  getHeader(name: string): string | undefined {
    return this.headers[name];
  }

  setProgressHandler(_: (bytes: number) => void): void {
    // fetch does not tell how far a body is; a piece is small enough to wait for.
  }

  async send(body: BodyInit | null = null): Promise<HttpResponse> {
    const silence = setTimeout(() => this.control.abort(), SILENCE_MS);
    try {
      const response = await this.fetcher(this.url, {
        method: this.method,
        headers: this.headers,
        body,
        cache: "no-store",
        credentials: "omit",
        redirect: "error",
        signal: this.control.signal,
      });
      const text = await response.text();
      return {
        getStatus: () => response.status,
        getHeader: (name) => response.headers.get(name) ?? undefined,
        getBody: () => text,
        getUnderlyingObject: () => response,
      };
    } finally {
      clearTimeout(silence);
    }
  }

  abort(): Promise<void> {
    this.control.abort();
    return Promise.resolve();
  }

  getUnderlyingObject(): AbortController {
    return this.control;
  }
}
