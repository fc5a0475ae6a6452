// The officers' app: one page, its files, and the service worker that keeps them for use offline.
// Django serves the page, the worker and the manifest at /field/, everything else as static files.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";
import vue from "@vitejs/plugin-vue";
import { defineConfig, type Plugin } from "vite";
import { iconPng } from "./icon.ts";

const BASE = "/static/field/dist/";
const PAGE = "/field/";
const MANIFEST = "/field/manifest.webmanifest";
const WORKER = "sw.js";
const PUBLIC = "public";
const FIRST = "first";
const START = "src/app/start.ts";
const INSIDE = "inside";

/** Tells the worker which files make up the app; a change of any of them is a new version. */
function shellPlugin(): Plugin {
  return {
    name: "shell",
    enforce: "post",
    generateBundle(_, bundle) {
      const worker = bundle[WORKER];
      if (worker?.type !== "chunk") {
        throw new Error("the service worker is missing");
      }
      this.emitFile({ type: "asset", fileName: "icon.png", source: iconPng() });
      const built = Object.entries(bundle).filter(([name]) => name !== WORKER);
      const own = readdirSync(`${import.meta.dirname}/${PUBLIC}`).sort();
      const digest = createHash("sha256");
      for (const [name, file] of built.sort(([one], [other]) => (one < other ? -1 : 1))) {
        digest.update(name).update(file.type === "chunk" ? file.code : file.source);
      }
      for (const name of own) {
        digest.update(name).update(readFileSync(`${import.meta.dirname}/${PUBLIC}/${name}`));
      }
      digest.update(worker.code);
      const assets = built.map(([name]) => name).filter((name) => name.startsWith("assets/"));
      const files = [PAGE, MANIFEST, ...[...assets, "icon.svg"].sort().map((name) => BASE + name)];
      const shell = { version: digest.digest("hex").slice(0, 16), page: PAGE, files };
      worker.code = worker.code.replaceAll("__SHELL__", () => JSON.stringify(shell));
    },
  };
}

/** All that `start.ts` needs at once: one file too, read while a passphrase is typed. */
const inside = new Set<string>();

/** Finds what is inside, by what each module imports. */
function insidePlugin(): Plugin {
  return {
    name: "inside",
    buildEnd() {
      const waiting = [`${import.meta.dirname}/${START}`];
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
        if (!inside.has(id)) {
          inside.add(id);
          waiting.push(...(this.getModuleInfo(id)?.importedIds ?? []));
        }
      }
    },
  };
}

/** Has the browser compile the two large files whole, beside the page's own work, and not function by
 * function in the middle of it: nearly all of it is used at once. (Chromium; to others it is a comment.
 * What it compiled the last time Chromium does not use for modules that come through a worker.) */
function wholePlugin(): Plugin {
  return {
    name: "whole",
    enforce: "post",
    generateBundle: {
      // After whatever puts something in front of it: it counts only where it stands first.
      order: "post",
      handler: (_, bundle) => {
        for (const file of Object.values(bundle)) {
          if (file.type === "chunk" && file.fileName !== WORKER && (file.isEntry || file.name === INSIDE)) {
            file.code = `//# allFunctionsCalledOnLoad\n${file.code}`;
          }
        }
      },
    },
  };
}

/** Puts each file packed beside it, for the server to send where the browser takes it so. */
function packedPlugin(): Plugin {
  return {
    name: "packed",
    apply: "build",
    writeBundle: ({ dir = "" }, bundle) => {
      for (const name of Object.keys(bundle).filter((one) => /\.(?:js|css)$/.test(one))) {
        const content = readFileSync(`${dir}/${name}`);
        writeFileSync(`${dir}/${name}.gz`, gzipSync(content, { level: 9 }));
        writeFileSync(`${dir}/${name}.br`, brotliCompressSync(content));
      }
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  base: BASE,
  publicDir: PUBLIC,
  plugins: [vue(), insidePlugin(), wholePlugin(), shellPlugin(), packedPlugin()],
  define: {
    __VUE_OPTIONS_API__: "false",
    __VUE_PROD_DEVTOOLS__: "false",
  },
  build: {
    outDir: "../src/cunjing/field/static/field/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: ["chrome111", "firefox114", "safari16.4"],
    // The page's policy allows files only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { app: "index.html", sw: "src/worker/sw.ts" },
      output: {
        entryFileNames: ({ name }) => (name === "sw" ? WORKER : "assets/[name]-[hash].js"),
        // One file for what is needed at once: on a slow phone each further one costs a round before
        // anything is shown.
        codeSplitting: {
          groups: [
            { name: FIRST, tags: ["$initial"], test: (id) => !id.endsWith("/sw.ts") },
            { name: FIRST, test: /rolldown.runtime/ },
            { name: INSIDE, test: (id) => inside.has(id) },
          ],
        },
      },
    },
  },
});
