// The officers' app: one page, its files, and the service worker that keeps them for use offline.
// Django serves the page, the worker and the manifest at /field/, everything else as static files.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import vue from "@vitejs/plugin-vue";
import { defineConfig, type Plugin } from "vite";
import { iconPng } from "./icon.ts";

const BASE = "/static/field/dist/";
const PAGE = "/field/";
const MANIFEST = "/field/manifest.webmanifest";
const WORKER = "sw.js";
const PUBLIC = "public";

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

export default defineConfig({
  root: import.meta.dirname,
  base: BASE,
  publicDir: PUBLIC,
  plugins: [vue(), shellPlugin()],
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
      },
    },
  },
});
