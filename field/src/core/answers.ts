// The answer to a pull, read line by line. It counts whole or not at all.

import { type Bytes, concat, textOf } from "./bytes";
import type { Row, Standing } from "./protocol";
import { eachChunk, LostError, StrangeAnswerError } from "./transport";

export interface Gone {
  readonly type: string;
  readonly id: string;
}

/** News of one scope. */
export interface ScopeNews {
  readonly scope: string;
  readonly epoch: string;
  /** 0: the scope starts from nothing. */
  readonly from: number;
  readonly seq: number;
  /** Of all rows of the scope after these; empty while there are more to come. */
  readonly digest: string;
  readonly more: boolean;
  readonly rows: Row[];
  readonly gone: Gone[];
}

export interface PullAnswer {
  readonly scopes: readonly ScopeNews[];
  readonly revoked: readonly string[];
  readonly standing: Standing;
}

type Line = Readonly<Record<string, unknown>>;

const LINE_FEED = 10;

/** Read an answer as it arrives. Throws LostError where it was cut, StrangeAnswerError otherwise. */
export async function readPull(body: ReadableStream<Bytes>): Promise<PullAnswer> {
  const reading = new Reading();
  let rest: Bytes = new Uint8Array();
  await eachChunk(body, (chunk) => {
    rest = concat([rest, chunk]);
    let begin = 0;
    for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED, begin)) {
      reading.take(parsed(rest.subarray(begin, end)));
      begin = end + 1;
    }
    rest = rest.slice(begin);
  });
  if (rest.length > 0) {
    throw new LostError("the answer ends within a line");
  }
  return reading.whole();
}

function parsed(bytes: Bytes): Line {
  try {
    return JSON.parse(textOf(bytes)) as Line;
  } catch (error) {
    throw new StrangeAnswerError("a line that is no JSON", { cause: error });
  }
}

class Reading {
  private readonly scopes: ScopeNews[] = [];
  private readonly revoked: string[] = [];
  private open: ScopeNews | null = null;
  private standing: Standing | null = null;
  private lines = 0;

  take(line: Line): void {
    if (this.standing !== null) {
      throw new StrangeAnswerError("a line after the last");
    }
    if ("lines" in line) {
      this.close(line);
      return;
    }
    this.lines += 1;
    if (this.open === null) {
      this.between(line);
    } else {
      this.within(line, this.open);
    }
  }

  whole(): PullAnswer {
    if (this.standing === null) {
      throw new LostError("the answer was cut");
    }
    return { scopes: this.scopes, revoked: this.revoked, standing: this.standing };
  }

  private close(line: Line): void {
    if (this.open !== null || line["lines"] !== this.lines) {
      throw new LostError("lines are missing from the answer");
    }
    this.standing = line as unknown as Standing;
  }

  private between(line: Line): void {
    const { scope } = line;
    if (typeof scope !== "string") {
      throw new StrangeAnswerError("a line outside every scope");
    }
    if (line["revoked"] === true) {
      this.revoked.push(scope);
    } else {
      this.open = { ...(line as unknown as ScopeNews), rows: [], gone: [] };
    }
  }

  private within(line: Line, open: ScopeNews): void {
    if (typeof line["row"] === "string") {
      open.rows.push(line as unknown as Row);
    } else if (typeof line["gone"] === "string") {
      open.gone.push({ type: line["gone"], id: String(line["id"]) });
    } else if (line["scope_end"] === open.scope) {
      this.scopes.push(open);
      this.open = null;
    } else {
      throw new StrangeAnswerError("a line that is neither row nor end");
    }
  }
}
