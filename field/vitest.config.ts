import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["tests/**/*.test.ts"],
    environment: "node",
    // One process: starting more costs more than these tests take.
    pool: "threads",
    maxWorkers: 1,
    isolate: false,
    // Nothing may reach the network; what a test answers stands in the test.
    setupFiles: ["tests/no_network.ts"],
  },
});
