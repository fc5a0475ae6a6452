// Every form that is half filled in: what it is, what stands in it, and where it goes on. To some no screen
// leads any more: their row was closed or went, their visit ended, the grant did. The words are the
// officer's all the same, to be copied or given up.

import type { RouteLocationRaw } from "vue-router";
import { type Edit, wordsOf } from "../core/edits";
import { type Recorded, recordedOf } from "../core/fates";
import { type Form, formsOf } from "../core/notes";
import type { Session } from "../core/session";
import { type Shown, view } from "../core/view";
import { draftsOf } from "../core/visits";
import { labelOf, matterOf, RECORDS } from "./choices";
import { type KnownVillage, knownVillages } from "./villages";

export interface HalfFilled {
  readonly form: Form;
  readonly label: string;
  /** The name of the village, where that is known. */
  readonly place: string;
  readonly words: string;
  /** Where it goes on; undefined where nowhere does. */
  readonly to: RouteLocationRaw | undefined;
}

const LABELS: Readonly<Record<string, string>> = {
  call: "入户走访",
  unlisted: "名单外的走访",
  finish: "结束进村",
  correct: "更正记录",
  withdraw: "撤回记录",
  household: "更正住户",
  matter: "更正事项",
  question: "答复疑问",
};
const EDITS: readonly string[] = ["household", "matter"];

/** What the forms are about, as far as it is here. */
interface Known {
  readonly villages: readonly KnownVillage[];
  /** The villages of the visits under way, by the visits. */
  readonly visits: ReadonlyMap<string, string>;
  readonly records: ReadonlyMap<string, Recorded>;
  readonly households: ReadonlyMap<string, Shown>;
  readonly matters: ReadonlyMap<string, Shown>;
  readonly questions: ReadonlyMap<string, Shown>;
}

export async function halfFilled(session: Session): Promise<HalfFilled[]> {
  const forms = await formsOf(session);
  if (forms.length === 0) {
    return [];
  }
  const known = await knownOf(session);
  return forms.map((form) => {
    const { village, to } = placeOf(form, known);
    const place = known.villages.find(({ code }) => code === village)?.name ?? "";
    return { form, label: labelFor(form.kind), place, words: wordsIn(form), to };
  });
}

async function knownOf(session: Session): Promise<Known> {
  const [villages, drafts, records, households, matters, questions] = await Promise.all([
    knownVillages(session),
    draftsOf(session),
    recordedOf(session),
    view(session, "household"),
    view(session, "matter"),
    view(session, "question"),
  ]);
  const visits = new Map(drafts.map(({ id, village_code }) => [id, village_code]));
  return { villages, visits, records, households, matters, questions };
}

function labelFor(kind: string): string {
  return LABELS[kind] ?? matterOf(kind)?.label ?? labelOf(RECORDS, kind);
}

interface Place {
  readonly village: string;
  readonly to?: RouteLocationRaw | undefined;
}

function placeOf(form: Form, known: Known): Place {
  const { kind, about: [id = ""] } = form;
  switch (kind) {
    case "correct":
    case "withdraw":
      return ofRow(known.records.get(id), ({ state }) => state === "valid", () => ({ name: kind, params: { id } }));
    case "household":
      return ofRow(known.households.get(id), always, (code) => ({ name: "household-change", params: { code, household: id } }));
    case "matter":
      return ofRow(known.matters.get(id), always, (code) => ({ name: "matter-change", params: { code, matter: id } }));
    case "question":
      return ofRow(
        known.questions.get(id),
        ({ answer, closed }) => !answer && closed !== true,
        () => ({ name: "question", params: { question: id } }),
      );
    default:
      return ofTarget(form, id, known);
  }
}

const always = (): boolean => true;

/** A form about a row leads there while that is here, and still `open` for it. */
function ofRow(
  row: Shown | undefined,
  open: (fields: Shown["fields"]) => boolean,
  to: (village: string) => RouteLocationRaw,
): Place {
  const village = String(row?.fields["village"] ?? "");
  return { village, to: row !== undefined && open(row.fields) ? to(village) : undefined };
}

/** Others are about a visit, or a village by itself. */
function ofTarget({ kind }: Form, id: string, { villages, visits }: Known): Place {
  const village = visits.get(id);
  if (village !== undefined) {
    return { village, to: { name: "visit", params: { visit: id } } };
  }
  const here = villages.some(({ code }) => code === id);
  const alone: RouteLocationRaw =
    kind === "information"
      ? { name: "village-information", params: { code: id } }
      : { name: "village-matter", params: { code: id, kind } };
  return { village: id, to: here ? alone : undefined };
}

const WRITTEN = /\p{Script=Han}/u;

/** What was written in a form, as far as it is words: what was chosen in it is told by no other name. */
function wordsIn({ kind, values }: Form): string {
  const said = EDITS.includes(kind) ? wordsOf(values as unknown as Edit<Record<string, string>>).said : values;
  return textsIn(said).filter((text) => WRITTEN.test(text)).join("；");
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") {
    return [value.trim()];
  }
  return value instanceof Object ? Object.values(value).flatMap(textsIn) : [];
}
