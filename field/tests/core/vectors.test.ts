// The device computes what the server computes, byte for byte.

import { describe, expect, it, vi } from "vitest";
import vectors from "../../../tests/support/sync_vectors.json";
import { concat, fromBase64, fromBase64url, fromHex, hex, textOf, utf8 } from "../../src/core/bytes";
import { canonical, type Flat } from "../../src/core/canonical";
import { genesis, nextHash, NO_ROWS, sha256, toggled } from "../../src/core/chain";
import { changeHousehold, changeMatter } from "../../src/core/changes";
import { sealedTo } from "../../src/core/handover";
import { outboxOf } from "../../src/core/outbox";
import { fingerprint, holds, sign, signingKey } from "../../src/core/signing";
import { sync } from "../../src/core/syncing";
import { verdictsOf } from "../../src/core/verdicts/judge";
import type { RuleTable, Standing } from "../../src/core/verdicts/table";
import { view } from "../../src/core/view";
import { enrolled } from "../devices";
import { VILLAGE } from "../exchanges";
import { Station } from "../station";

const header = JSON.parse(textOf(fromBase64url(vectors.push.header))) as Record<string, string | number>;
const { signature, ...unsigned } = header;

describe("the shared vectors", () => {
  it("have the chain begin with the device's id", async () => {
    expect(await genesis(vectors.device.id)).toBe(vectors.genesis);
  });

  it("chain every line as it is kept, whatever its spaces and its order of keys", async () => {
    let previous = vectors.genesis;
    for (const { line, salt, inner, hash } of vectors.lines) {
      expect(hex(await sha256(concat([fromHex(salt), utf8(line)])))).toBe(inner);
      previous = await nextHash(previous, salt, utf8(line));
      expect(previous).toBe(hash);
    }
  });

  it("sign the header in one order of keys", () => {
    expect(textOf(canonical(unsigned))).toBe(vectors.push.signed);
  });

  it("hold the signature of the push", async () => {
    const key = vectors.device.public_key;
    expect(await holds(key, unsigned, String(signature))).toBe(true);
    expect(await holds(key, { ...unsigned, first: 2 }, String(signature))).toBe(false);
    expect(await holds(vectors.server.public_key, unsigned, String(signature))).toBe(false);
    expect(await holds("no key", unsigned, String(signature))).toBe(false);
  });

  it("are signed by the device's key as the server's library signs", async () => {
    const key = await signingKey(fromBase64(vectors.device.private_key));
    const made = await sign(key, unsigned);
    expect(await holds(vectors.device.public_key, unsigned, made)).toBe(true);
  });

  it("name length and digest of the body as sent", async () => {
    const body = fromBase64(vectors.push.body);
    expect([body.length, hex(await sha256(body))]).toEqual([header["length"], header["sha256"]]);
  });

  it("hold the server's signed times", async () => {
    for (const { at, n, signature: signed, signed: bytes } of vectors.anchors) {
      const said: Flat = { at, device: vectors.device.id, n };
      expect(textOf(canonical(said))).toBe(bytes);
      expect(await holds(vectors.server.public_key, said, signed)).toBe(true);
    }
  });

  it("know the server by its fingerprint", async () => {
    expect(await fingerprint(vectors.server.public_key)).toBe(vectors.server.fingerprint);
  });

  it("digest a scope whatever the order of its rows, and undo what is taken out", async () => {
    const { rows, digest, empty } = vectors.scope;
    expect(NO_ROWS).toBe(empty);
    expect(await toggled(NO_ROWS, rows)).toBe(digest);
    expect(await toggled(NO_ROWS, rows.toReversed())).toBe(digest);
    expect(await toggled(digest, rows)).toBe(empty);
  });

  it("judge a month with what was not sent as the server would with all of it", () => {
    const { standing, tables, unsent, at, verdicts } = vectors.month;
    const found = verdictsOf(
      standing as unknown as Standing,
      tables as unknown as RuleTable[],
      unsent,
      Date.parse(at),
    );
    const said = found.map(({ rule, value, threshold, verdict }) => [rule.id, { value, threshold, verdict }]);
    expect(Object.fromEntries(said)).toEqual(verdicts);
  });

  it.each(vectors.changes)("say a change as the server reads it: $about", async (one) => {
    const station = await Station.open();
    const row = { row: one.row, id: "r", version: "1", village: VILLAGE, ...one.shown };
    station.scopes.set(VILLAGE, { epoch: "a", changes: [row] });
    const session = await enrolled(station);
    await sync(session, station.transport);
    const change = one.row === "household" ? changeHousehold : changeMatter;
    await change(session, "r", one.edit as object);
    const [entry] = await outboxOf(session);
    expect(entry?.mutation?.body["fields"]).toEqual(one.fields);
    expect((await view(session, one.row)).get("r")?.fields).toMatchObject({ ...one.shown, ...one.edit });
  });

  it("seal what is handed over as the server opens it", async () => {
    const { private_key: key, point, nonce, body, sealed } = vectors.handover;
    const curve = { name: "ECDH", namedCurve: "P-256" };
    const usages: KeyUsage[] = ["deriveBits"];
    const privateKey = await crypto.subtle.importKey("pkcs8", fromBase64(key), curve, true, usages);
    const publicKey = await crypto.subtle.importKey("raw", fromHex(point), curve, true, []);
    vi.spyOn(crypto.subtle, "generateKey").mockResolvedValue({ privateKey, publicKey } as never);
    vi.spyOn(crypto, "getRandomValues").mockImplementation((array) => {
      (array as Uint8Array).set(fromHex(nonce));
      return array;
    });
    const made = await sealedTo(vectors.server.public_key, vectors.device.id, utf8(body));
    vi.restoreAllMocks();
    expect(hex(made)).toBe(hex(fromBase64(sealed)));
  });
});
