// The photos of a model: taken from a file, sent by the shipped client of tus; its requests go by the
// pipe as those of the protocol do.

import { readFileSync } from "node:fs";
import { base64, fromBase64, type Bytes } from "../core/bytes";
import { addPhoto, promisedPhotos, promisePhotos } from "../core/photos/photos";
import type { Upload } from "../core/photos/sending";
import { tusUpload } from "../core/photos/tus";
import type { Session } from "../core/session";

/** A request of tus, and what it is answered; `body` in base64. Throws where nothing came back. */
export interface FilesRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface FilesAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type FilesWire = (request: FilesRequest) => Promise<FilesAnswer>;

const SERVER = "http://station.test";
const FILES = `${SERVER}/sync/v1/files`;

/** Uploads that go by a wire. */
export function uploadBy(wire: FilesWire): Upload {
  const fetcher = async (url: unknown, options: RequestInit = {}): Promise<Response> => {
    const { method = "GET", headers, body } = options;
    const bytes = body == null ? new Uint8Array() : new Uint8Array(await new Response(body).arrayBuffer());
    const answer = await wire({
      method,
      path: String(url).slice(SERVER.length),
      headers: Object.fromEntries(new Headers(headers).entries()),
      body: base64(bytes),
    });
    const empty = answer.status === 204 || answer.status === 304;
    return new Response(empty ? null : fromBase64(answer.body), {
      status: answer.status,
      headers: answer.headers,
    });
  };
  return tusUpload({
    files: FILES,
    fetcher: fetcher as typeof fetch,
    wrap: (content: Bytes) => Buffer.from(content) as unknown as Blob,
  });
}

/** Take a photo of what a file holds, beside a record. */
export function photoOf(session: Session, record: string, file: string): Promise<string> {
  const place = { beside: "record", owner: record, visit: "" } as const;
  return addPhoto(session, place, new Uint8Array(readFileSync(file)));
}

/** Promise the photos whose record is written; the ids of the mutations of all that are promised. */
export async function promised(session: Session): Promise<string[]> {
  await promisePhotos(session);
  return (await promisedPhotos(session)).map(({ row }) => row.mutation);
}
