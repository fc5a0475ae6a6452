// The form of a correction: the record as it stands, or, where a correction of it was not taken, what that
// one said, so that nobody types it twice.

import { type Ref, ref } from "vue";
import { isAtStation } from "../core/decisions";
import { fatesOf } from "../core/fates";
import type { Session } from "../core/session";
import { madeBy, type Shown } from "../core/view";
import { type CorrectionForm, formOf } from "./corrections";
import { type KeptForm, useKeptForm } from "./forms";

export interface CorrectionWork extends KeptForm<CorrectionForm> {
  /** It began with what was said before and not taken. */
  readonly again: Ref<boolean>;
}

export function useCorrectionForm(row: Shown): CorrectionWork {
  const again = ref(false);
  const form = useKeptForm(`correct/${row.id}`, formOf(row), {
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
