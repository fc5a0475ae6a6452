// What photos stand beside. Taken while a visit or a matter's form is open, they wait for it to be
// written; a photo whose saving took longer than that belongs to it all the same.

import { mutationOf, wasDone } from "../outbox";
import type { Body, MutationType } from "../protocol";
import type { Session } from "../session";
import type { PhotoRow, Store } from "../store";

/** What a photo stands beside, and what it is taken in. */
export interface PhotoPlace {
  readonly beside: "record" | "matter";
  /** The id of the record or matter. */
  readonly owner: string;
  /** The visit under way, or the matter itself while its own form is open; empty where the record or
   * matter is written already. */
  readonly visit: string;
}

type Mutable = { -readonly [field in keyof PhotoRow]: PhotoRow[field] };

/** How a photo is stored: where it stands, and whether that is written. */
export type Standing = PhotoPlace & { readonly state: "draft" | "ready" };

/** What the photo was taken in was given up, or is no longer known here. */
export class PlaceGoneError extends Error {}

/** How a photo of this place stands now. Throws PlaceGoneError. */
export async function standingNow(session: Session, place: PhotoPlace): Promise<Standing> {
  const { visit } = place;
  if (visit === "") {
    return { ...place, state: "ready" };
  }
  if ((await session.store.drafts.get(visit)) !== undefined) {
    return { ...place, state: "draft" };
  }
  const alone = visit === place.owner && place.beside === "matter";
  const entry = await bodyOf(session, alone ? "matter" : "visit_entry", ({ id }) => id === visit);
  if (entry !== null) {
    return { ...place, ...settled(place, entry["matters"] as Body[] | undefined), state: "ready" };
  }
  if (alone) {
    return { ...place, state: "draft" };
  }
  throw new PlaceGoneError(visit);
}

/** A write that goes with the end of a visit, or with a matter that is reported by itself: their photos
 * are to be promised. `matters` are the visit's. */
export function visitRecorded(
  store: Store,
  visit: string,
  matters: readonly Body[] = [],
): PromiseLike<unknown> {
  return store.photos
    .where("visit")
    .equals(visit)
    .and((row) => row.state === "draft")
    .modify((row: Mutable) => {
      Object.assign(row, settled(row, matters), { state: "ready" });
    });
}

/** A write that goes with an abandoned visit, or with a part taken out of it. */
export function photosDropped(
  store: Store,
  where: { readonly visit: string } | { readonly owner: string },
): PromiseLike<unknown> {
  return store.photos
    .where(where)
    .and((row) => row.state === "draft")
    .delete();
}

/** The photos that were taken in a visit which was refused: the ids of those of no line the server took.
 * `owners`: the ids of the visit and its matters. */
export async function photosOfRefused({ store }: Session, owners: ReadonlySet<string>): Promise<string[]> {
  const rows = await store.photos
    .filter(({ owner, visit, state }) => state !== "draft" && (owners.has(owner) || owners.has(visit)))
    .toArray();
  const lines = await store.outbox.where("id").anyOf(rows.map(({ mutation }) => mutation)).toArray();
  const taken = new Set(lines.filter(wasDone).map(({ id }) => id));
  return rows.filter(({ mutation }) => !taken.has(mutation)).map(({ id }) => id);
}

/** A write that goes with a refused visit that is taken up again: its photos are those of the visit `visit`
 * now under way. `owners` says what each thing they stood beside is there. */
export function photosTakenUp(
  { photos }: Store,
  ids: readonly string[],
  { visit, owners }: { readonly visit: string; readonly owners: ReadonlyMap<string, string> },
): PromiseLike<unknown> {
  return photos
    .where("id")
    .anyOf(ids)
    .modify((row: Mutable) => {
      const { owner, beside, state, mutation } = row;
      const stood = [{ owner, beside, visit: row.visit, state, mutation }, ...(row.stood ?? [])];
      const there = owners.get(owner);
      const place = there === undefined ? { owner: visit, beside: "record" as const } : { owner: there };
      Object.assign(row, { ...place, visit, state: "draft", mutation: "", stood });
    });
}

/** A write that goes with an abandoned visit: photos of a refused one stand as they stood, the others go. */
export async function photosGivenBack(store: Store, visit: string): Promise<void> {
  const isDraft = ({ state }: PhotoRow): boolean => state === "draft";
  await store.photos
    .where("visit")
    .equals(visit)
    .and(isDraft)
    .modify((row: Mutable) => {
      const [before, ...stood] = row.stood ?? [];
      if (before !== undefined) {
        Object.assign(row, before, { stood });
      }
    });
  await photosDropped(store, { visit });
}

/** Beside what a photo stands once what it was taken in is written. That of a matter's form that was
 * never saved is left to the visit: the station has no such matter. */
export function settled(
  { beside, owner, visit }: PhotoPlace,
  matters: readonly Body[] = [],
): Pick<PhotoPlace, "beside" | "owner"> {
  const left = beside === "matter" && owner !== visit && !matters.some(({ id }) => id === owner);
  return left ? { beside: "record", owner: visit } : { beside, owner };
}

/** The body of the first line of a type that is looked for; null where none is kept here. */
async function bodyOf(
  session: Session,
  type: MutationType,
  isIt: (body: Body) => boolean,
): Promise<Body | null> {
  const rows = await session.store.outbox.filter((row) => row.type === type).toArray();
  for (const row of rows) {
    const said = await mutationOf(session, row);
    if (said !== null && isIt(said.body)) {
      return said.body;
    }
  }
  return null;
}
