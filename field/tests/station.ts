// A small server of the protocol, to hold the device to: it checks what it gets as the real one
// does and keeps what it is given, in memory.

import { gunzipSync, gzipSync } from "node:zlib";
import { base64, base64url, concat, fromBase64url, hex, textOf, utf8, type Bytes } from "../src/core/bytes";
import { canonical } from "../src/core/canonical";
import { genesis, nextHash, sha256, NO_ROWS, type RowName, toggled } from "../src/core/chain";
import type { Anchor, Mutation, Person, PushResult, Row, ScopeCursor } from "../src/core/protocol";
import { holds } from "../src/core/signing";
import type { Reply, Request, Transport } from "../src/core/transport";

export const CODE = "the-code";
/** Whom the first code is for. */
export const LI_MING: Person = { user_id: "u", name: "李明", staff_id: "s" };
const LEASE_MS = 72 * 3_600_000;

/** A change of a scope: a row in the place of the one before, or, with `gone`, away with it. */
export type ScopeChange = Row & { readonly gone?: boolean };

interface Scope {
  epoch: string;
  /** Every change, oldest first: the cursor counts them. */
  changes: ScopeChange[];
}

export class Station {
  readonly scopes = new Map<string, Scope>();
  readonly lines: { bytes: Bytes; mutation: Mutation; hash: string; result: PushResult }[] = [];
  readonly requests: Request[] = [];
  /** The server's time in milliseconds. */
  time = Date.parse("2026-11-22T09:00:00+08:00");
  revoked = false;
  /** What withdrawn devices handed over, as it came; null: nothing is taken. */
  handedOver: Bytes[] | null = null;
  /** Says wrong digests, for a device to notice. */
  lying = false;
  /** How many changes of a scope one answer brings. */
  page = Number.POSITIVE_INFINITY;
  /** What becomes of a line; accepted unless a test says otherwise. */
  judge: (mutation: Mutation) => Pick<PushResult, "result" | "problem"> = () => ({
    result: "accepted",
  });
  /** The codes that were shown: for whom, and the device that came with it. */
  private readonly codes = new Map<string, { person: Person; device?: string }>([[CODE, { person: LI_MING }]]);
  /** The devices ever enrolled: whose. */
  readonly devices = new Map<string, { user: string; key: string }>();
  private device = "";
  private publicKey = "";
  private contacts = 0;

  private constructor(private readonly pair: CryptoKeyPair, readonly key: string) {}

  static async open(): Promise<Station> {
    const curve = { name: "ECDSA", namedCurve: "P-256" };
    const pair = await crypto.subtle.generateKey(curve, true, ["sign", "verify"]);
    const spki = await crypto.subtle.exportKey("spki", pair.publicKey);
    return new Station(pair, base64(new Uint8Array(spki)));
  }

  get transport(): Transport {
    return (request) => this.answer(request);
  }

  async answer(request: Request): Promise<Reply> {
    this.requests.push(request);
    if (request.path === "enrol") {
      return this.enrol(JSON.parse(textOf(request.body)) as Record<string, string>);
    }
    if (this.revoked && request.path === "handover" && this.handedOver !== null) {
      this.handedOver.push(request.body);
      return this.push({ ...request, body: await this.opened(request.body) });
    }
    if (this.revoked) {
      return refusal(401, 40103, { last: this.lines.length });
    }
    if (request.headers["Authorization"] !== `Device ${this.device}.token`) {
      return refusal(401, 40102);
    }
    try {
      return await (request.path === "push" ? this.push(request) : this.pull(request));
    } catch {
      // Altered on the way beyond reading; the real server names this too.
      return refusal(400, 40001);
    }
  }

  /** Show another code. */
  invite(person: Person = LI_MING): string {
    const code = `${CODE}-${this.codes.size}`;
    this.codes.set(code, { person });
    return code;
  }

  /** What was sealed to this station's key. */
  private async opened(sealed: Bytes): Promise<Bytes> {
    const curve = { name: "ECDH", namedCurve: "P-256" };
    const pkcs8 = await crypto.subtle.exportKey("pkcs8", this.pair.privateKey);
    const own = await crypto.subtle.importKey("pkcs8", pkcs8, curve, false, ["deriveBits"]);
    const point = sealed.slice(0, 65);
    const theirs = await crypto.subtle.importKey("raw", point, curve, false, []);
    const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own, 256);
    const secret = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
    const info = utf8("cunjing handover 1");
    const how = { name: "HKDF", hash: "SHA-256", salt: point, info };
    const cipher = { name: "AES-GCM", length: 256 };
    const key = await crypto.subtle.deriveKey(how, secret, cipher, false, ["decrypt"]);
    const sealing = { name: "AES-GCM", iv: sealed.slice(65, 77), additionalData: utf8(this.device) };
    return new Uint8Array(await crypto.subtle.decrypt(sealing, key, sealed.slice(77)));
  }

  /** A code binds one device; a device that has sent nothing may come with another of its person. */
  private async enrol(said: Record<string, string>): Promise<Reply> {
    const { code = "", device_id: device = "", public_key: key = "" } = said;
    const shown = this.codes.get(code);
    const user = shown?.person.user_id ?? "";
    const known = this.devices.get(device) ?? { user, key };
    const same = known.user === user && known.key === key;
    if (shown === undefined || (shown.device ?? device) !== device) {
      return refusal(403, 40302);
    }
    if (!same) {
      return refusal(403, shown.device === undefined ? 40303 : 40302);
    }
    shown.device = device;
    this.devices.set(device, known);
    this.device = device;
    this.publicKey = key;
    this.lines.length = 0;
    const { person } = shown;
    return json(201, {
      ...(await this.standing()),
      person,
      server_key: this.key,
      token: "token",
    });
  }

  private async push({ headers, body }: Request): Promise<Reply> {
    const { signature, ...header } = JSON.parse(
      textOf(fromBase64url(headers["Cunjing-Push"] ?? "")),
    ) as Record<string, string | number>;
    if (header["length"] !== body.length || header["sha256"] !== hex(await sha256(body))) {
      return refusal(400, 40003);
    }
    if (!(await holds(this.publicKey, header, String(signature)))) {
      return refusal(400, 40004);
    }
    const raw = gunzipSync(body).toString("utf8").split("\n").slice(0, -1);
    const first = Number(header["first"]);
    if (first > this.lines.length + 1) {
      return refusal(409, 40903, { last: this.lines.length, head: await this.head() });
    }
    const results = [];
    for (const [at, line] of raw.entries()) {
      results.push(await this.take(first + at, utf8(line)));
    }
    if (results.includes(null) || (await this.hashOf(first + raw.length - 1)) !== header["head"]) {
      return refusal(409, 40904, { last: this.lines.length, head: await this.head() });
    }
    return json(200, { ...(await this.standing()), results });
  }

  private async take(n: number, bytes: Bytes): Promise<PushResult | null> {
    const stored = this.lines[n - 1];
    if (stored !== undefined) {
      return textOf(stored.bytes) === textOf(bytes) ? stored.result : null;
    }
    const mutation = JSON.parse(textOf(bytes)) as Mutation;
    const hash = await nextHash(await this.head(), mutation.salt, bytes);
    const result = { n, id: mutation.id, problem: null, rows: [], ...this.judge(mutation) };
    this.lines.push({ bytes, mutation, hash, result });
    return result;
  }

  private async pull({ body }: Request): Promise<Reply> {
    const { scopes } = JSON.parse(textOf(body)) as { scopes: ScopeCursor[] };
    const lines: unknown[] = [];
    for (const { scope } of scopes.filter(({ scope }) => !this.scopes.has(scope))) {
      lines.push({ scope, revoked: true });
    }
    for (const [scope, { epoch, changes }] of this.scopes) {
      const had = scopes.find((one) => one.scope === scope);
      const digest = this.lying ? "ab".repeat(32) : await toggled(NO_ROWS, rowsAfter(changes));
      const fits = had?.epoch === epoch && had.seq <= changes.length;
      const from = fits ? had.seq : 0;
      if (fits && from === changes.length && had.digest === digest) {
        continue;
      }
      const seq = Math.min(from + this.page, changes.length);
      const more = seq < changes.length;
      lines.push({ scope, epoch, from, seq, digest: more ? "" : digest, more });
      lines.push(...changes.slice(from, seq).map(said), { scope_end: scope });
    }
    lines.push({ lines: lines.length, ...(await this.standing()), witness: null });
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    return reply(200, new Uint8Array(gzipSync(text)));
  }

  private async standing(): Promise<Record<string, unknown>> {
    const last = this.lines.length;
    const lease_until = new Date(this.time + LEASE_MS).toISOString();
    return { last, head: await this.head(), anchor: await this.anchor(), lease_until };
  }

  private async anchor(): Promise<Anchor> {
    this.contacts += 1;
    const said = { at: new Date(this.time).toISOString(), device: this.device, n: this.contacts };
    const how = { name: "ECDSA", hash: "SHA-256" };
    const raw = await crypto.subtle.sign(how, this.pair.privateKey, canonical(said));
    return { n: said.n, at: said.at, signature: base64url(new Uint8Array(raw)) };
  }

  private head(): Promise<string> {
    return this.hashOf(this.lines.length);
  }

  private async hashOf(n: number): Promise<string> {
    return this.lines[n - 1]?.hash ?? genesis(this.device);
  }
}

function rowsAfter(changes: readonly ScopeChange[]): RowName[] {
  const rows = new Map<string, RowName>();
  for (const { gone, row, id, version } of changes) {
    rows.delete(`${row}/${id}`);
    if (gone !== true) {
      rows.set(`${row}/${id}`, { type: row, id, version });
    }
  }
  return [...rows.values()];
}

function said({ gone, ...row }: ScopeChange): unknown {
  return gone === true ? { gone: row["row"], id: row["id"] } : row;
}

export function reply(status: number, bytes: Bytes): Reply {
  return { status, body: new Blob([bytes]).stream() as ReadableStream<Bytes> };
}

export function json(status: number, value: unknown): Reply {
  return reply(status, utf8(JSON.stringify(value)));
}

export function refusal(status: number, number: number, more: object = {}): Reply {
  const type = `about:blank#${number}`;
  return json(status, { type, title: "…", status, detail: "…", ...more });
}

/** The bytes of a whole body. */
export async function bytesOf(body: ReadableStream<Bytes>): Promise<Bytes> {
  const parts: Bytes[] = [];
  const reader = body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
  }
  return concat(parts);
}
