// One bundle folder for the office console; the Django template tag reads manifest.json in it.
import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    outDir: "src/cunjing/console/static/console/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    // What Tabler's colours need anyway (color-mix); older targets only blow the style sheet up.
    target: ["chrome111", "firefox113", "safari16.4"],
    // Nothing is inlined into the page: the content security policy allows files only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      // htmx carries an eval for hx-on; it is switched off, and the page's policy forbids it.
      checks: { eval: false },
      input: ["frontend/console.ts", "frontend/charts.ts", "frontend/map.ts"],
    },
  },
});
