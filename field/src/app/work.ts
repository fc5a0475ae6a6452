// Who was called on when, and when somebody was in a village last: of very many records only that.

import type { Picking } from "../core/picks";
import type { Row } from "../core/protocol";

const KINDS: readonly unknown[] = ["village_visit", "household_visit"];

export const WORK: Picking = { type: "record", name: "work", pick: workIn };

/** Of a visit or a call what the lists ask for; of anything else, and of what no longer counts, nothing.
 * The visit it belongs to: withdrawing that withdraws the call. */
function workIn({ kind, state, village, household, visit, occurred_at }: Row) {
  return state === "valid" && KINDS.includes(kind)
    ? { kind, state, village, household, visit, occurred_at }
    : null;
}
