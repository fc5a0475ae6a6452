// node driver.mjs --folder FOLDER [--server URL]: see src/driver/driver.ts and commands.ts.

import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { Driver } from "./driver/driver";

const { values } = parseArgs({
  options: { folder: { type: "string" }, server: { type: "string" } },
});
if (values.folder === undefined) {
  throw new Error("--folder is needed: where the phones keep what they keep");
}
const { folder, server } = values;
const driver = new Driver({
  folder,
  ...(server === undefined ? {} : { server }),
  say: (line) => process.stdout.write(line),
});
const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => void driver.take(line));
// Whoever drives has gone: phones do not outlive their model.
lines.on("close", () => process.exit(0));
