// Keeps the app's own files on the phone, so that it opens without a network. It never sees what
// people wrote: exchanges with the server pass it by.

interface Shell {
  readonly version: string;
  readonly page: string;
  readonly files: readonly string[];
}

/** Put in by the build. */
declare const __SHELL__: Shell;
// A worker of this kind; the types know workers in general.
const worker = self as unknown as ServiceWorkerGlobalScope;

const PREFIX = "shell-";
const SHELL: Shell = __SHELL__;
const NAME = PREFIX + SHELL.version;

worker.addEventListener("install", (event) => {
  event.waitUntil(keepShell());
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([dropOlder(), worker.clients.claim()]));
});

// A new version waits until the officer says so, or until no page of the old one is open.
worker.addEventListener("message", (event) => {
  if (event.data === "take-over") {
    void worker.skipWaiting();
  }
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) {
    return;
  }
  if (request.mode === "navigate" && pathname === SHELL.page) {
    event.respondWith(kept(SHELL.page, request));
  } else if (SHELL.files.includes(pathname)) {
    event.respondWith(kept(pathname, request));
  }
});

async function keepShell(): Promise<void> {
  const cache = await caches.open(NAME);
  // All or nothing, and past the browser's own cache: half of a version is none.
  await cache.addAll(SHELL.files.map((file) => new Request(file, { cache: "reload" })));
}

async function dropOlder(): Promise<void> {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith(PREFIX) && name !== NAME);
  await Promise.all(older.map((name) => caches.delete(name)));
}

async function kept(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(NAME);
  return (await cache.match(path)) ?? fetch(request);
}

export {};
