// Phones on a pipe: commands come in as lines of JSON and are answered as lines of JSON. Without an
// address the requests of the phones go out by the pipe too, and whoever drives answers them.

import { join } from "node:path";
import { base64, fromBase64 } from "../core/bytes";
import { fetchTransport, type Request, type Transport } from "../core/transport";
import { COMMANDS, type Said } from "./commands";
import type { Answer, Wire } from "./network";
import { CrashedError, Phone } from "./phone";
import { type FilesAnswer, type FilesWire, uploadBy } from "./photos";

interface Command extends Said {
  readonly id: number;
  readonly phone: string;
}

/** What a request sent out by the pipe is answered with; `lost`: no answer came. */
interface Answered {
  readonly reply: number;
  readonly status?: number;
  /** Those of an answer to a request of tus. */
  readonly headers?: Readonly<Record<string, string>>;
  /** base64 */
  readonly body?: string;
  readonly lost?: boolean;
}

export interface DriverOptions {
  /** Where the phones keep what they keep. */
  readonly folder: string;
  /** The server's address; without one requests go by the pipe. */
  readonly server?: string;
  readonly say: (line: string) => void;
}

const BEGINNING = Date.parse("2026-11-22T09:00:00+08:00");

export class Driver {
  private readonly phones = new Map<string, Phone>();
  private readonly waiting = new Map<number, (answered: Answered) => void>();
  private asked = 0;

  constructor(private readonly options: DriverOptions) {}

  /** Take a line; the answer is said when the command is done. */
  async take(line: string): Promise<void> {
    const said = JSON.parse(line) as Command | Answered;
    if ("reply" in said && typeof said.reply === "number") {
      this.waiting.get(said.reply)?.(said as Answered);
      this.waiting.delete(said.reply);
      return;
    }
    const command = said as Command;
    this.say({ id: command.id, ...(await this.done(command)) });
  }

  private async done(command: Command): Promise<object> {
    const act = COMMANDS[command.op];
    try {
      if (act === undefined) {
        throw new Error(`no such command: ${command.op}`);
      }
      return { ok: (await act(this.phone(command), command)) ?? null };
    } catch (error) {
      if (error instanceof CrashedError) {
        return { crashed: error.point };
      }
      const { name, message } = error as Error;
      const kind = (error as Error).constructor.name;
      return { error: { name: name === "Error" ? kind : name, message } };
    }
  }

  private phone({ phone: name, now, op }: Command): Phone {
    const known = this.phones.get(name);
    if (known !== undefined && op !== "load") {
      return known;
    }
    const { folder, server } = this.options;
    const wire = server === undefined ? this.pipe(name) : overHttp(fetchTransport(server));
    const upload = uploadBy(this.files(name));
    const made = new Phone(join(folder, name), wire, upload, Number(now ?? BEGINNING));
    this.phones.set(name, made);
    return made;
  }

  private pipe(phone: string): Wire {
    return async ({ path, headers, body }: Request) => {
      const { status, body: text } = await this.answered({ phone, path, headers, body: base64(body) });
      return { status, body: fromBase64(text) };
    };
  }

  /** Photos go by the pipe wherever the rest goes; the method tells them apart. */
  private files(phone: string): FilesWire {
    return (request) => this.answered({ phone, ...request });
  }

  private answered(request: object): Promise<FilesAnswer> {
    return new Promise((resolve, reject) => {
      this.asked += 1;
      this.waiting.set(this.asked, ({ status, headers = {}, body = "", lost }) => {
        if (lost === true || status === undefined) {
          reject(new Error("no answer"));
        } else {
          resolve({ status, headers, body });
        }
      });
      this.say({ request: this.asked, ...request });
    });
  }

  private say(value: object): void {
    this.options.say(`${JSON.stringify(value)}\n`);
  }
}

function overHttp(transport: Transport): Wire {
  return async (request): Promise<Answer> => {
    const { status, body } = await transport(request);
    return { status, body: new Uint8Array(await new Response(body).arrayBuffer()) };
  };
}
