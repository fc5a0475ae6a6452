// The words the forms offer. The file beside this one is written from the server's own lists, and a
// test holds it to them.

import said from "./choices.json";

/** A value as the server knows it, and its word. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface Question {
  readonly name: string;
  readonly label: string;
  readonly chips: readonly Choice[];
}

export interface MatterChoice {
  readonly kind: string;
  readonly label: string;
  readonly subkinds: readonly Choice[];
}

export const RECORDS = choicesOf(said.records);
export const INFORMATION = choicesOf(said.information);
export const SESSIONS = choicesOf(said.sessions);
export const PUBLICATIONS = choicesOf(said.publications);
export const AUDIENCES = choicesOf(said.audiences);
export const LEVELS = choicesOf(said.levels);
export const ROLES = choicesOf(said.roles);
export const LAYERS = choicesOf(said.layers);
/** The roles that may correct households; from others the server takes no such change. */
export const HOUSEHOLD_EDITORS: readonly string[] = said.household_editors;
/** The most characters a text may have. */
export const LIMITS = said.limits;

/** The six questions at a household. */
export const QUESTIONS: readonly Question[] = said.questions.map(({ name, label, chips }) => ({
  name,
  label,
  chips: choicesOf(chips),
}));

export const MATTERS: readonly MatterChoice[] = said.matters.map(({ kind, label, subkinds }) => ({
  kind,
  label,
  subkinds: choicesOf(subkinds),
}));

/** The word for a value; the value itself where a newer server knows more. */
export function labelOf(choices: readonly Choice[], value: unknown): string {
  return choices.find((one) => one.value === value)?.label ?? String(value ?? "");
}

export function matterOf(kind: unknown): MatterChoice | undefined {
  return MATTERS.find((one) => one.kind === kind);
}

function choicesOf(pairs: readonly (readonly string[])[]): readonly Choice[] {
  return pairs.map(([value = "", label = ""]) => ({ value, label }));
}
