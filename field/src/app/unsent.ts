// What the server does not have yet, as far as is known, in words.

import { isUnanswered, outboxOf } from "../core/outbox";
import type { Mutation, MutationType } from "../core/protocol";
import type { Session } from "../core/session";
import { labelOf, matterOf, RECORDS } from "./choices";
import { momentWords } from "./format";

export interface Unsent {
  readonly n: number;
  readonly label: string;
  readonly note: string;
}

const LABELS: Record<MutationType, string> = {
  visit_entry: "进村工作",
  work_record: "工作记录",
  matter: "事项",
  correction: "更正",
  withdrawal: "作废",
  household_change: "住户变动",
  matter_change: "事项变动",
  photo: "照片",
  answer: "答复",
  seen: "确认此前已记完",
};

/** The lines that wait, oldest first. */
export async function unsentOf(session: Session): Promise<Unsent[]> {
  const entries = await outboxOf(session);
  return entries
    .filter((entry) => isUnanswered(entry) && !entry.again)
    .flatMap(({ n, mutation }) => (mutation ? [{ n, label: labelFor(mutation), note: noteFor(mutation) }] : []));
}

/** What a line is about, in a word. */
export function labelFor({ type, body }: Mutation): string {
  if (type === "work_record") {
    return labelOf(RECORDS, body["kind"]);
  }
  return type === "matter" ? (matterOf(body["kind"])?.label ?? LABELS.matter) : LABELS[type];
}

export function noteFor({ saved_at }: Mutation): string {
  return `${momentWords(saved_at)} 保存`;
}
