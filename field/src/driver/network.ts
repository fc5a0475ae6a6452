// A network that does what it is told to: loses, cuts, alters, repeats, holds back.

import type { Bytes } from "../core/bytes";
import type { Reply, Request, Transport } from "../core/transport";

/** A whole answer; bodies are short enough to be held. */
export interface Answer {
  readonly status: number;
  readonly body: Bytes;
}

/** The way to the server without faults. */
export type Wire = (request: Request) => Promise<Answer>;

export type FaultKind =
  | "drop_request"
  | "drop_reply"
  | "cut_request"
  | "cut_reply"
  | "flip_request"
  | "flip_reply"
  /** The server gets it twice; the device hears the second answer, or with `_first` the first. */
  | "duplicate"
  | "duplicate_first"
  /** The device hears nothing; the server gets it when the held requests are released. */
  | "hold";

export interface Fault {
  /** Which request of the exchange, counted from 1. */
  readonly at: number;
  readonly kind: FaultKind;
  /** For `cut`: how many bytes go by. For `flip`: which byte, counted round. */
  readonly byte?: number;
}

export class NoNetworkError extends Error {}

export class Network {
  private readonly held: Request[] = [];

  constructor(private readonly wire: Wire) {}

  /** A transport for one exchange. `dies` is asked before a request goes and after it was answered. */
  transport(faults: readonly Fault[], dies: (point: NetworkPoint) => Promise<void>): Transport {
    let count = 0;
    return async (request) => {
      count += 1;
      const at = count;
      await dies("before-send");
      const meets = faults.filter((fault) => fault.at === at);
      const answer = await this.through(request, meets);
      await dies("after-reply");
      return asReply(answer);
    };
  }

  /** Let the server have what was held back, in the order asked for; nobody hears its answers. */
  async release(order: "first" | "last"): Promise<number> {
    const requests = order === "first" ? this.held.splice(0) : this.held.splice(0).reverse();
    for (const request of requests) {
      await this.wire(request).catch(() => undefined);
    }
    return requests.length;
  }

  private async through(request: Request, faults: readonly Fault[]): Promise<Answer> {
    const meets = (kind: FaultKind): Fault | undefined => faults.find((one) => one.kind === kind);
    if (meets("drop_request")) {
      throw new NoNetworkError("the request is lost");
    }
    if (meets("hold")) {
      this.held.push(request);
      throw new NoNetworkError("the request is held back");
    }
    const going = { ...request, body: spoiled(request.body, meets("cut_request"), meets("flip_request")) };
    const first = await this.wire(going);
    const second = meets("duplicate") ?? meets("duplicate_first") ? await this.wire(going) : first;
    const answer = meets("duplicate_first") ? first : second;
    if (meets("drop_reply")) {
      throw new NoNetworkError("the answer is lost");
    }
    return { ...answer, body: spoiled(answer.body, meets("cut_reply"), meets("flip_reply")) };
  }
}

export type NetworkPoint = "before-send" | "after-reply";

function spoiled(body: Bytes, cut: Fault | undefined, flip: Fault | undefined): Bytes {
  const kept = cut === undefined ? body.slice() : body.slice(0, cut.byte ?? 0);
  if (flip !== undefined && kept.length > 0) {
    const at = (flip.byte ?? 0) % kept.length;
    kept[at] = (kept[at] ?? 0) ^ 1;
  }
  return kept;
}

function asReply({ status, body }: Answer): Reply {
  return { status, body: new Blob([body]).stream() as ReadableStream<Bytes> };
}
