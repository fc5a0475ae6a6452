// The form of a correction: the record as it stands, or, where a correction of it was not taken, what that
// one said, so that nobody types it twice. Half filled in it is kept without what was pulled: that goes with
// the right to read it.

import { type Ref, ref } from "vue";
import { isAtStation } from "../core/decisions";
import { fatesOf } from "../core/fates";
import type { Body } from "../core/protocol";
import type { Session } from "../core/session";
import { madeBy, type Shown } from "../core/view";
import { type CorrectionForm, formOf } from "./corrections";
import { differs, type KeptForm, useKeptForm } from "./forms";

export interface CorrectionWork extends KeptForm<CorrectionForm> {
  /** It began with what was said before and not taken. */
  readonly again: Ref<boolean>;
}

export function useCorrectionForm(row: Shown): CorrectionWork {
  const again = ref(false);
  const stands = formOf(row);
  const form = useKeptForm(`correct/${row.id}`, stands, {
    kept: (values) => otherThan({ ...stands }, { ...values }),
    again: (kept) => laidOver({ ...stands }, kept) as unknown as CorrectionForm,
    remembered: async (session) => {
      const before = await saidBefore(session, row);
      again.value = before !== null;
      return before ?? {};
    },
  });
  return { ...form, again };
}

/** The last correction of a record that was not taken, and that the station does not have by other ways. */
async function saidBefore(session: Session, { id }: Shown): Promise<CorrectionForm | null> {
  const { untaken } = await fatesOf(session);
  const line = untaken.find(
    ({ fate, mutation: { type, body }, decision }) =>
      type === "correction" &&
      body["record_id"] === id &&
      fate === "refused" &&
      (decision === null || !isAtStation(decision)),
  );
  const said = line && madeBy(line.mutation).find((made) => made.id !== id);
  return said ? { ...formOf(said), reason: String(line.mutation.body["reason"]) } : null;
}

/** What is said otherwise than it stands there; of what has parts, those that are. */
function otherThan(stands: Body, said: Body): Body {
  const other = Object.entries(said).flatMap(([name, value]): [string, unknown][] => {
    const was = stands[name];
    if (!hasParts(value) || !hasParts(was)) {
      return differs(value, was) ? [[name, value]] : [];
    }
    const parts = otherThan(was, value);
    return Object.keys(parts).length > 0 ? [[name, parts]] : [];
  });
  return Object.fromEntries(other);
}

/** The other way round: all that stands there, with what is said otherwise. */
function laidOver(stands: Body, other: Body): Body {
  const said = Object.entries(other).map(([name, value]): [string, unknown] => {
    const was = stands[name];
    return [name, hasParts(value) && hasParts(was) ? laidOver(was, value) : value];
  });
  return { ...stands, ...Object.fromEntries(said) };
}

function hasParts(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
