// What a model can have a phone do, and what it is told.

import { beaconOf } from "../core/beacon";
import { utf8 } from "../core/bytes";
import {
  answerQuestion,
  changeHousehold,
  changeMatter,
  type HouseholdEdit,
  type MatterEdit,
} from "../core/changes";
import { enrol } from "../core/enrolling";
import { fatesOf } from "../core/fates";
import { dismiss, outboxOf } from "../core/outbox";
import { letGoOfTaken, photosOf } from "../core/photos/photos";
import { sendPhotos } from "../core/photos/sending";
import type { Body, MutationType, Row } from "../core/protocol";
import { record, type Recorded } from "../core/recording";
import { rowsOf } from "../core/rows";
import { sync } from "../core/syncing";
import { RefusedError } from "../core/transport";
import { view } from "../core/view";
import {
  addToVisit,
  draftsOf,
  finishVisit,
  type ManyParts,
  type OnePart,
  startVisit,
  takeUpAgain,
  type VisitBegun,
  type VisitFinished,
} from "../core/visits";
import { judged } from "./judging";
import type { Fault } from "./network";
import type { Crash, Phone } from "./phone";
import { photoOf, promised } from "./photos";

interface Passphrase {
  readonly passphrase?: string;
}

/** The fields a command may carry, all of them optional on the wire. */
export interface Said extends Passphrase {
  readonly op: string;
  readonly crash?: Crash;
  readonly faults?: readonly Fault[];
  readonly [field: string]: unknown;
}

type Command = (phone: Phone, said: Said) => unknown;

const PASSPHRASE = "a model's passphrase";
const APP = { app: "driver", platform: "node" };

export const COMMANDS: Readonly<Record<string, Command>> = {
  create: (phone, said) => {
    const iterations = Number(said["iterations"] ?? 1);
    return phone.act(said.crash ?? null, () => phone.create(wordOf(said), iterations));
  },
  open: (phone, said) => phone.act(said.crash ?? null, () => phone.unlock(wordOf(said))),
  /** A phone as it was kept in another folder; whatever bore this name is forgotten. */
  load: (phone, said) => phone.load(textOf(said, "from")),
  off: (phone) => phone.off(),
  wipe: (phone) => phone.wipe(),
  enrol: (phone, said) =>
    phone.act(said.crash ?? null, async () => {
      const invitation = { code: textOf(said, "code"), fingerprint: textOf(said, "fingerprint") };
      phone.replace(await enrol(phone.session, phone.transport(said.faults ?? []), invitation, APP));
      return { device: phone.session.deviceId };
    }),
  record: (phone, said) =>
    phone.act(said.crash ?? null, () =>
      record(phone.session, said["type"] as MutationType, said["body"] as Body),
    ),
  /** Many of one type, for those who only want them to be there. */
  record_many: (phone, said) =>
    phone.act(said.crash ?? null, async () => {
      for (const body of said["bodies"] as readonly Body[]) {
        await record(phone.session, said["type"] as MutationType, body);
      }
    }),
  change: (phone, said) => phone.act(said.crash ?? null, () => changed(phone, said)),
  answer: (phone, said) =>
    phone.act(said.crash ?? null, () =>
      answerQuestion(phone.session, textOf(said, "question"), textOf(said, "text")),
    ),
  add_photo: (phone, said) =>
    phone.act(said.crash ?? null, () =>
      photoOf(phone.session, textOf(said, "record"), textOf(said, "file")),
    ),
  promise_photos: (phone, said) => phone.act(said.crash ?? null, () => promised(phone.session)),
  send_photos: (phone, said) =>
    phone.act(said.crash ?? null, () => sendPhotos(phone.session, phone.upload)),
  /** What a page says that is left; the status it is answered with, null where there is none to say. */
  beacon: async (phone, said) => {
    const beacon = beaconOf(phone.session.deviceId, await phone.session.state());
    if (beacon === null) {
      return null;
    }
    const { headers, body } = beacon;
    const request = { path: "beacon", headers, body: utf8(body) };
    return (await phone.transport(said.faults ?? [])(request)).status;
  },
  start_visit: (phone, said) =>
    phone.act(said.crash ?? null, () => startVisit(phone.session, said["visit"] as VisitBegun)),
  add_to_visit: (phone, said) =>
    phone.act(said.crash ?? null, () => {
      const name = said["part"] as ManyParts | OnePart;
      return addToVisit(phone.session, textOf(said, "visit"), name, said["body"] as Body);
    }),
  finish_visit: (phone, said) =>
    phone.act(said.crash ?? null, () => {
      const finished = (said["finished"] ?? {}) as VisitFinished;
      return finishVisit(phone.session, textOf(said, "visit"), finished);
    }),
  take_up: (phone, said) =>
    phone.act(said.crash ?? null, () => takeUpAgain(phone.session, Number(said["n"]))),
  sync: (phone, said) => phone.act(said.crash ?? null, () => exchanged(phone, said.faults ?? [])),
  release: (phone, said) => phone.network.release(said["order"] === "last" ? "last" : "first"),
  dismiss: (phone, said) => dismiss(phone.session, Number(said["n"])),
  /** `pass`: time goes by. `jump`: somebody sets the clock. Milliseconds. */
  clock: (phone, said) => {
    phone.clock.pass(Number(said["pass"] ?? 0));
    phone.clock.jump(Number(said["jump"] ?? 0));
    return { now: phone.clock.now() };
  },
  view: async (phone, said) => [...(await view(phone.session, textOf(said, "type"))).values()],
  dump: (phone) => dumped(phone),
  /** No phone's affair: the verdict stage on what the questions hold. */
  judge: (_, said) => judged(said["questions"] as Parameters<typeof judged>[0]),
};

function changed({ session }: Phone, said: Said): Promise<Recorded> {
  const subject = textOf(said, "subject");
  return said["type"] === "household"
    ? changeHousehold(session, subject, said["edit"] as HouseholdEdit)
    : changeMatter(session, subject, said["edit"] as MatterEdit);
}

async function exchanged(phone: Phone, faults: readonly Fault[]): Promise<unknown> {
  const outcome = await sync(phone.session, phone.transport(faults));
  await letGoOfTaken(phone.session);
  if (outcome.kind === "done") {
    return outcome;
  }
  const { kind, error } = outcome;
  const number = error instanceof RefusedError ? error.number : null;
  return { kind, error: error.constructor.name, message: error.message, number };
}

/** Everything the phone holds, read with its keys: rows also while the lease has ended. */
async function dumped({ session }: Phone): Promise<unknown> {
  const { store } = session;
  const scopes = await store.scopes.toArray();
  const types = await store.base.orderBy("[scope+type]").uniqueKeys();
  const rows: Row[] = [];
  const { untaken } = await fatesOf(session);
  for (const type of new Set((types as unknown as [string, string][]).map(([, one]) => one))) {
    rows.push(...(await rowsOf(session, type)));
  }
  return {
    device: session.deviceId,
    state: await session.state(),
    lease: await session.lease(),
    outbox: await outboxOf(session),
    untaken: untaken.map(({ n, fate, decision, mendable }) => ({
      n,
      fate,
      outcome: decision?.outcome ?? null,
      mendable,
    })),
    drafts: await draftsOf(session),
    photos: await photosOf(session),
    scopes: scopes.map(({ scope, epoch, seq, digest }) => ({ scope, epoch, seq, digest })),
    rows,
    stored: (await store.base.toArray()).map(({ scope, type, id, version }) => ({ scope, type, id, version })),
  };
}

function wordOf(said: Said): string {
  return said.passphrase ?? PASSPHRASE;
}

function textOf(said: Said, name: string): string {
  const value = said[name];
  if (typeof value !== "string") {
    throw new Error(`${said.op} needs ${name}`);
  }
  return value;
}
