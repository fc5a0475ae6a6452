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
const NAMED_BY_CONTENT = /\/assets\/[^/]+-[\w-]{8}\.\w+$/;

worker.addEventListener("install", (event) => {
  event.waitUntil(Promise.all([keepShell(), routeShell(event)]));
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
  // All or nothing: half of a version is none. What is named by its content the page has just loaded,
  // so the browser has it; anything else comes anew, for what the browser has of it may be old.
  const asked = SHELL.files.map(
    (file) => new Request(file, { cache: NAMED_BY_CONTENT.test(file) ? "default" : "reload" }),
  );
  await cache.addAll(asked);
}

/** What an install event may have beyond what the types know. */
type Routing = ExtendableEvent & { addRoutes?: (rules: readonly object[]) => Promise<void> };

/** Where the browser can, it takes the app's files from what is kept without starting this worker: on
 * a slow phone that start is a good part of what opening costs. */
async function routeShell(event: Routing): Promise<void> {
  const assets = SHELL.files.find((file) => NAMED_BY_CONTENT.test(file)) ?? "";
  const source = { cacheName: NAME };
  await event.addRoutes?.([
    { condition: { urlPattern: { pathname: SHELL.page, search: "" }, requestMode: "navigate" }, source },
    { condition: { urlPattern: { pathname: assets.replace(/[^/]+$/, "*") } }, source },
  ]);
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
