// What became of changes that the station had made too: those nobody has settled, and those of late.

import type { Shown } from "../core/view";
import { textField } from "./rows";

const DAY_MS = 86_400_000;
/** For so long one that is settled is still shown; where the station's value stands, the records say so longer. */
const SHOWN_DAYS = 31;

export interface Clashes {
  readonly households: readonly Shown[];
  readonly matters: readonly Shown[];
}

/** Those of a village, by what they are about; open ones first. */
export function clashesIn(rows: Iterable<Shown>, village: string, now: number): Clashes {
  const here = [...rows].filter((row) => textField(row, "village") === village && isShown(row, now));
  const sorted = here.sort((one, other) => Number(isOpen(other)) - Number(isOpen(one)));
  const isOfMatter = (row: Shown): boolean => textField(row, "subject") === "matter";
  return { households: sorted.filter((row) => !isOfMatter(row)), matters: sorted.filter(isOfMatter) };
}

function isOpen(row: Shown): boolean {
  return textField(row, "state") === "open";
}

function isShown(row: Shown, now: number): boolean {
  return isOpen(row) || now - settledAt(row) <= SHOWN_DAYS * DAY_MS;
}

/** Never past where it cannot be read. */
function settledAt(row: Shown): number {
  const at = Date.parse(textField(row, "settled_at"));
  return Number.isNaN(at) ? Number.POSITIVE_INFINITY : at;
}
