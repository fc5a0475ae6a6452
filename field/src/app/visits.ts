// Beginning a visit.

import { computed, type ComputedRef } from "vue";
import { isTaken } from "../core/fates";
import type { Photo } from "../core/photos/photos";
import { enrolmentOf, type Session } from "../core/session";
import { view } from "../core/view";
import { type Draft, draftsOf, linesOf, startVisit, type VisitEnd } from "../core/visits";
import { dayOf } from "./format";
import { useRead } from "./rows";

/** The visit to a village that is made now. One that was refused and is being mended is long over: what is
 * done today is no part of it. */
export function underWayIn(drafts: readonly Draft[], village: string): Draft | undefined {
  return drafts.find((draft) => draft.village_code === village && draft.before === undefined);
}

/** Begin a visit to a village, or go on with the one under way there. Answers its id. */
export async function beginVisit(session: Session, village: string): Promise<string> {
  const under = underWayIn(await draftsOf(session), village);
  if (under !== undefined) {
    return under.id;
  }
  const { person } = enrolmentOf(await session.state());
  if (person.staff_id === null) {
    throw new Error("这个账号没有对应的人员，请联系县局。");
  }
  return startVisit(session, { village_code: village, staff_id: person.staff_id });
}

/** Whether the station has by now what a visit taken up again had said before. */
export function useTaken(before: () => VisitEnd | undefined): ComputedRef<boolean> {
  const taken = useRead(async (session) => {
    const said = before();
    return said !== undefined && (await isTaken(session, linesOf(said), said.visit));
  }, before);
  return computed(() => taken.value ?? false);
}

/** What goes with a visit that is given up, in words: what was written, and its photos but those that stand
 * beside the refused one again. */
export function priceOf(parts: number, photos: readonly Pick<Photo, "goesBack">[]): string {
  const back = photos.filter(({ goesBack }) => goesBack).length;
  const gone = photos.length - back;
  const lost = parts + gone > 0 ? `已写的 ${parts} 条、照片 ${gone} 张也会删掉。` : "没有写过内容。";
  return back > 0 ? `${lost}原来那一条的照片 ${back} 张不删，还跟着原来那一条。` : lost;
}

/** Why the server would not take a visit there; empty where nothing is known against it. */
export function useDoubt(village: () => string): ComputedRef<string> {
  const doubt = useRead(async (session) => doubtAbout(session, village()), village);
  return computed(() => doubt.value ?? "");
}

async function doubtAbout(session: Session, village: string): Promise<string> {
  const staff = (await session.state()).enrolment?.person.staff_id ?? null;
  if (staff === null) {
    return "这个账号没有对应的人员，不能登记进村。请联系县局。";
  }
  const postings = [...(await view(session, "posting")).values()];
  const today = dayOf(session.clock.now());
  const mine = postings.some(
    ({ fields }) =>
      fields["village"] === village &&
      fields["staff"] === staff &&
      String(fields["valid_from"]) <= today &&
      (fields["valid_to"] === null || today < String(fields["valid_to"])),
  );
  return mine || postings.length === 0 ? "" : "包村安排里今天没有您，登记的进村可能被退回。请先联系派出所。";
}
