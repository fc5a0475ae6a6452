// The driver of the models, bundled whole so that Node runs it as one file.
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  ssr: { noExternal: true },
  build: {
    ssr: "src/driver.ts",
    outDir: "dist/driver",
    emptyOutDir: true,
    target: "node20",
    minify: false,
    rolldownOptions: { output: { entryFileNames: "driver.mjs" } },
  },
});
