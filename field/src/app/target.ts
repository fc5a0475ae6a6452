// Where a form's content goes: into the visit under way, or by itself to a village.

import { computed, type ComputedRef } from "vue";
import { type RouteLocationRaw, useRouter } from "vue-router";
import { uuidv7 } from "uuidv7";
import { isoOf } from "../core/clock";
import type { Body } from "../core/protocol";
import { record } from "../core/recording";
import { enrolmentOf, type Session, type State } from "../core/session";
import { visitRecorded } from "../core/photos/places";
import type { Write } from "../core/store";
import { addToVisit, type ManyParts, type OnePart } from "../core/visits";
import { useDraft } from "./rows";

/** One of the two is given by the route. */
export interface TargetProps {
  readonly visit?: string | undefined;
  readonly code?: string | undefined;
}

export interface Target {
  /** What its form is kept under. */
  readonly name: string;
  readonly village: ComputedRef<string>;
  readonly back: string;
  /** `also` is written with it. */
  add(session: Session, part: "information" | "matters", body: Body, also: Write): Promise<unknown>;
  addOne(session: Session, part: OnePart, body: Body, also: Write): Promise<unknown>;
  leave(): Promise<unknown>;
}

export function useTarget(props: TargetProps): Target {
  const draft = useDraft(() => props.visit ?? "");
  const router = useRouter();
  const village = computed(() => props.code ?? draft.value?.village_code ?? "");
  const { visit, code = "" } = props;
  const place: RouteLocationRaw = visit
    ? { name: "visit", params: { visit } }
    : { name: "village", params: { code } };
  const added = (
    session: Session,
    part: ManyParts | OnePart,
    body: Body,
    also: Write,
  ): Promise<unknown> => addToVisit(session, visit ?? "", part, body, also);
  return {
    name: visit ?? code,
    village,
    back: visit ? `/visit/${visit}` : `/village/${code}`,
    add: (session, part, body, also) =>
      visit
        ? added(session, part, body, also)
        : recordAlone(session, part, { ...body, village: code }, also),
    addOne: added,
    leave: () => router.replace(place),
  };
}

/** A piece of work, or a matter, that belongs to no visit. */
async function recordAlone(
  session: Session,
  part: "information" | "matters",
  { id = uuidv7(), village, subkind, ...said }: Body,
  also: Write,
): Promise<void> {
  const now = isoOf(session.clock.now());
  const common = { id, village_code: village, subkind, recorded_at: now };
  const of = (before: State): Body => ({ ...common, staff_id: enrolmentOf(before).person.staff_id });
  if (part === "information") {
    const own = { kind: "information", occurred_at: now, details: said };
    await record(session, "work_record", (before) => ({ ...of(before), ...own }), also);
  } else {
    const body = (before: State): Body => ({ ...of(before), ...said, opened_at: now });
    await record(session, "matter", body, async (store) => {
      await visitRecorded(store, String(id));
      await also(store);
    });
  }
}
