// Nothing a test does reaches for a network unasked. Tests of the way itself take `loopback`.

const REAL = Symbol.for("the real fetch");
const kept = globalThis as unknown as { [REAL]?: typeof fetch };

// This runs before every file, in one process.
kept[REAL] ??= globalThis.fetch;

export const loopback: typeof fetch = kept[REAL];

globalThis.fetch = () => Promise.reject(new Error("a test reached for the network"));
