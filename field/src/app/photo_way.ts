// The way of photos: where the server takes them, and the client that brings them there.

import type { Sent, Upload } from "../core/photos/sending";

let way: Upload | null = null;

/** Found out at the first photo: most days nobody takes one, so its client is a file of its own. */
export async function photoWay(): Promise<Upload> {
  try {
    way ??= await found();
    return way;
  } catch {
    // No network, or a server in trouble: the photos wait like everything else.
    return () => Promise.resolve<Sent>({ kind: "lost" });
  }
}

async function found(): Promise<Upload> {
  const said = await fetch("/sync/v1/version", { cache: "no-store", credentials: "omit" });
  const { files } = (await said.json()) as { files: string };
  const { tusUpload } = await import("../core/photos/tus");
  return tusUpload({
    files: new URL(files, location.origin).href,
    fetcher: (...asked) => fetch(...asked),
  });
}
