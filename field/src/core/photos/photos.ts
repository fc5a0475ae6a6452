// Photos on the phone: sealed from the moment they are taken, promised by a mutation once their
// record is written, sent when the server has accepted that, and then let go of.

import type { Collection } from "dexie";
import { uuidv7 } from "uuidv7";
import { hex, type Bytes } from "../bytes";
import { sha256 } from "../chain";
import { isoOf } from "../clock";
import { type Decision, decisionsOf, isDone } from "../decisions";
import { isUnanswered, mutationOf, placeOfAnswer, wasDone } from "../outbox";
import { type Body, MOST_REPLACED, type PushResult } from "../protocol";
import { record } from "../recording";
import type { Session } from "../session";
import { isFull, type OutboxRow, type PhotoRow, type PhotoState, RECORDED, type Store } from "../store";
import { checkClean } from "./jpeg";
import { type PhotoPlace, settled, standingNow } from "./places";

/** How many may stand beside one record or matter. */
export const MOST_OF_ONE = 9;

export interface Photo {
  readonly id: string;
  readonly owner: string;
  /** What it was taken in; empty where the record or matter was written before. */
  readonly visit: string;
  readonly state: PhotoState;
  readonly length: number;
  /** Why the server did not take it; empty where it did not say. */
  readonly reason: string;
  /** It went to the station all the same, where a person decides. */
  readonly held: boolean;
  /** What that person decided about the line that promised it. */
  readonly decision: Decision | null;
  /** Of a visit that is mended: it stood beside the refused one, and does again should this one be given up. */
  readonly goesBack: boolean;
}

/** What is known of a photo's content. */
export interface PhotoFacts {
  readonly sha256: string;
  readonly length: number;
  readonly saved_at: string;
  readonly reason?: string;
  readonly held?: boolean;
}

type Decisions = ReadonlyMap<string, Decision>;
const NOTHING_DECIDED: Decisions = new Map();

export class TooManyPhotosError extends Error {}

/** Keep a photo. `content` is the picture alone (`cleaned`): anything else is refused here, before
 * it is kept. What it was taken in may be written, or given up, by now. Throws NotCleanError,
 * TooManyPhotosError, PlaceGoneError. */
export async function addPhoto(
  session: Session,
  place: PhotoPlace,
  content: Bytes,
): Promise<string> {
  checkClean(content);
  const id = uuidv7();
  const facts: PhotoFacts = {
    sha256: hex(await sha256(content)),
    length: content.length,
    saved_at: isoOf(session.clock.now()),
  };
  const kept = {
    id,
    mutation: "",
    facts: await session.data.sealJson(placeOfFacts(id), facts),
    content: await session.data.seal(placeOfContent(id), content),
  };
  await session.change(async (state) => {
    const row: PhotoRow = { ...kept, ...(await standingNow(session, place)) };
    if ((await session.store.photos.where("owner").equals(row.owner).count()) >= MOST_OF_ONE) {
      throw new TooManyPhotosError(row.owner);
    }
    return { state, write: (store: Store) => store.photos.add(row), value: undefined };
  }, RECORDED);
  return id;
}

/** The photos still on the phone, oldest first: of one record or matter, or of all. */
export async function photosOf(session: Session, owner?: string): Promise<Photo[]> {
  const { photos } = session.store;
  const rows = await (owner === undefined
    ? photos.orderBy("id").toArray()
    : photos.where("owner").equals(owner).sortBy("id"));
  return photosIn(session, rows);
}

/** Those that would stand beside a visit itself if it ended now, where they are too many: its own, and those
 * of matters' forms that were never saved. Empty where they are not, oldest first. */
export async function tooManyBeside(
  session: Session,
  visit: string,
  matters: readonly Body[],
): Promise<Photo[]> {
  const taken = session.store.photos.where("visit").equals(visit);
  // To count them costs little, to read them all a picture each.
  if ((await taken.count()) <= MOST_OF_ONE) {
    return [];
  }
  const rows = await taken.and((row) => settled(row, matters).owner === visit).sortBy("id");
  return rows.length > MOST_OF_ONE ? photosIn(session, rows) : [];
}

/** Those the server did not take, oldest first. */
export async function refusedPhotos(session: Session): Promise<Photo[]> {
  const rows = await session.store.photos.where("state").equals("refused").sortBy("id");
  return photosIn(session, rows);
}

async function photosIn(session: Session, rows: readonly PhotoRow[]): Promise<Photo[]> {
  const decisions = rows.some(isRefused) ? await decisionsOf(session) : NOTHING_DECIDED;
  return Promise.all(rows.map((row) => photoOf(session, row, decisions)));
}

async function photoOf(session: Session, row: PhotoRow, decisions: Decisions): Promise<Photo> {
  const { length, reason = "", held = false } = await factsOf(session, row);
  const { id, owner, visit, state, mutation, stood = [] } = row;
  const decision = (isRefused(row) ? decisions.get(mutation) : undefined) ?? null;
  const goesBack = state === "draft" && stood.length > 0;
  return { id, owner, visit, state, length, reason, held, decision, goesBack };
}

function isRefused({ state }: PhotoRow): boolean {
  return state === "refused";
}

/** How many photos the server does not have yet. */
export function waitingPhotos(session: Session): Promise<number> {
  return session.store.photos.where("state").anyOf("ready", "promised").count();
}

/** The picture; null once it is gone. */
export async function photoContent(session: Session, id: string): Promise<Bytes | null> {
  const row = await session.store.photos.get(id);
  return row === undefined ? null : session.data.open(placeOfContent(id), row.content);
}

/** Remove a photo that was not yet promised, or that the server has refused. */
export function dropPhoto(session: Session, id: string): Promise<void> {
  return session.change((state) =>
    Promise.resolve({
      state,
      write: (store: Store) =>
        store.photos
          .where("id")
          .equals(id)
          .and((row) => row.state === "draft" || row.state === "refused")
          .delete(),
      value: undefined,
    }),
    RECORDED,
  );
}

/** A write that goes with becoming a new device: photos the old one had promised, and did not send,
 * are to be promised by the new one under the id they were promised under, so that what was decided
 * about them stands. Those whose mutation goes on with it follow that, also where it was not taken. */
export function photosForgotten(
  store: Store,
  mutations: ReadonlySet<string>,
): PromiseLike<unknown> {
  return store.photos
    .where("state")
    .anyOf("promised", "refused")
    .modify((row: { -readonly [field in keyof PhotoRow]: PhotoRow[field] }) => {
      if (mutations.has(row.mutation)) {
        row.state = "promised";
      } else if (row.state === "promised") {
        row.state = "ready";
      }
    });
}

/** Write a mutation for every photo whose record is written; how many. Each is one transaction, so
 * a kill between two of them leaves the rest for the next time. */
export async function promisePhotos(session: Session): Promise<number> {
  const rows = await session.store.photos.where("state").equals("ready").sortBy("id");
  for (const row of rows) {
    const facts = await factsOf(session, row);
    const replaces = (row.stood ?? []).flatMap(({ mutation }) => mutation || []).slice(0, MOST_REPLACED);
    const body: Body = {
      id: row.id,
      [row.beside === "record" ? "record_id" : "matter_id"]: row.owner,
      sha256: facts.sha256,
      length: facts.length,
      recorded_at: facts.saved_at,
      ...(replaces.length > 0 ? { replaces } : {}),
    };
    await record(
      session,
      "photo",
      async () => {
        // Another tab may have been faster; then this one writes no second mutation. Nor does it promise a photo
        // beside what it no longer stands by: its visit was taken up again, or given up, since it was looked at.
        const now = await session.store.photos.get(row.id);
        if (now?.state !== "ready" || now.owner !== row.owner || now.mutation !== row.mutation) {
          throw new AlreadyPromisedError(row.id);
        }
        return body;
      },
      (store, { id }) => store.photos.update(row.id, { state: "promised", mutation: id }),
      row.mutation || undefined,
    ).catch((error: unknown) => {
      if (!(error instanceof AlreadyPromisedError)) {
        throw error;
      }
    });
  }
  return rows.length;
}

class AlreadyPromisedError extends Error {}

/** A photo that is promised, with what the server said of its mutation. */
export interface Promised {
  readonly row: PhotoRow;
  readonly facts: PhotoFacts;
  /** What promised it: where that was refused, what had done so before it was taken up again and is done after
   * all. Null where the line was let go of: it was answered, or this device was bound anew since. */
  readonly line: OutboxRow | null;
}

/** The promised photos, oldest first. */
export async function promisedPhotos(session: Session): Promise<Promised[]> {
  const rows = await session.store.photos.where("state").equals("promised").sortBy("id");
  return Promise.all(
    rows.map(async (row) => ({
      row,
      facts: await factsOf(session, row),
      line: await promiseOf(session.store, row),
    })),
  );
}

async function promiseOf({ outbox }: Store, { mutation, stood = [] }: PhotoRow): Promise<OutboxRow | null> {
  const line = (await outbox.where("id").equals(mutation).first()) ?? null;
  if (line === null || isUnanswered(line) || wasDone(line)) {
    return line;
  }
  const earlier = await outbox.where("id").anyOf(stood.map((before) => before.mutation)).toArray();
  return earlier.find(wasDone) ?? line;
}

/** The photo as long as it is the promise that was sent: its visit may have been taken up again meanwhile. */
function asSent({ photos }: Store, { id, mutation, state }: PhotoRow): Collection<PhotoRow, string> {
  return photos
    .where("id")
    .equals(id)
    .and((row) => row.state === state && row.mutation === mutation);
}

/** The server has it: nothing of it stays here but the word, on the line that promised it, that it arrived. */
export async function letGo(
  session: Session,
  row: PhotoRow,
  line: Pick<OutboxRow, "id"> | null,
): Promise<void> {
  const { store } = session;
  const promise = line?.id ?? row.mutation;
  const gone = store.transaction("rw", ["photos", "outbox"], async () => {
    await asSent(store, row).delete();
    await store.outbox.where("id").equals(promise).modify({ arrived: true });
  });
  await gone.catch((error: unknown) => {
    // On a full phone the room counts for more than the word.
    return isFull(error) ? asSent(store, row).delete() : Promise.reject(error as Error);
  });
}

/** Let go of the photos that went to the station with lines which were not taken, where a person there has taken
 * those since. What cannot be read stays. */
export async function letGoOfTaken(session: Session): Promise<void> {
  const rows = await session.store.photos.where("state").equals("refused").toArray();
  const decisions = rows.length > 0 ? await decisionsOf(session) : NOTHING_DECIDED;
  for (const row of rows) {
    const lines = [row.mutation, ...(row.stood ?? []).map(({ mutation }) => mutation)];
    const id = lines.find((line) => isTaken(decisions, line));
    if (id !== undefined && (await factsOf(session, row)).held === true) {
      await letGo(session, row, { id });
    }
  }
}

function isTaken(decisions: Decisions, line: string): boolean {
  const decision = decisions.get(line);
  return decision !== undefined && isDone(decision);
}

/** How many photos beside a record or matter have arrived, as far as their lines are still here. */
export async function arrivedPhotos(session: Session, owner: string): Promise<number> {
  const decisions = await decisionsOf(session);
  const taken = (line: OutboxRow): boolean => wasDone(line) || isTaken(decisions, line.id);
  return photosThat(session, owner, (line) => line.arrived === true && taken(line));
}

/** How many had arrived before the server was put back to a backup: it may lack them, and they are no
 * longer here. */
export function lostPhotos(session: Session, owner: string): Promise<number> {
  return photosThat(session, owner, ({ arrived }) => arrived === false);
}

async function photosThat(
  session: Session,
  owner: string,
  are: (line: OutboxRow) => boolean,
): Promise<number> {
  const rows = await session.store.outbox
    .filter((line) => line.type === "photo" && are(line))
    .toArray();
  const promises = await Promise.all(rows.map((row) => mutationOf(session, row)));
  return promises.filter((one) => one && (one.body["record_id"] ?? one.body["matter_id"]) === owner).length;
}

/** It has to be promised anew, under its own id. */
export async function promiseAgain({ store }: Session, row: PhotoRow): Promise<void> {
  await asSent(store, row).modify({ state: "ready", mutation: "" });
}

/** It will not be taken as it is: it stays, with the reason, until the officer removes it. */
export async function keepRefused(
  session: Session,
  row: PhotoRow,
  said: Pick<PhotoFacts, "reason" | "held">,
): Promise<void> {
  const facts = { ...(await factsOf(session, row)), ...said };
  const sealed = await session.data.sealJson(placeOfFacts(row.id), facts);
  await asSent(session.store, row).modify({ state: "refused", facts: sealed });
}

/** Why the server did not take a line; empty where it did not say. */
export async function reasonOf(session: Session, line: OutboxRow): Promise<string> {
  const said =
    line.answer &&
    (await session.data.openJson<PushResult>(placeOfAnswer(line.n), line.answer));
  return said?.problem?.detail ?? "";
}

function factsOf(session: Session, row: PhotoRow): Promise<PhotoFacts> {
  return session.data.openJson<PhotoFacts>(placeOfFacts(row.id), row.facts);
}

function placeOfFacts(id: string): string {
  return `photo/${id}/facts`;
}

function placeOfContent(id: string): string {
  return `photo/${id}`;
}
