// What the screens read: pulled rows with what was recorded here over them, read anew after each change.

import { computed, type ComputedRef, type Ref, shallowRef, watch, type WatchSource } from "vue";
import type { Session } from "../core/session";
import { type Shown, view } from "../core/view";
import { type Draft, draftsOf } from "../core/visits";
import { opened, useSession } from "./session";

/** The answer of a read, read again whenever something was saved or pulled, or what it depends on has
 * changed. Undefined at first. */
export function useRead<T>(
  read: (session: Session) => Promise<T>,
  ...also: readonly WatchSource<unknown>[]
): Ref<T | undefined> {
  const value = shallowRef<T>();
  const { revision, phase } = useSession();
  let newest = 0;
  watch(
    [revision, ...also],
    async () => {
      if (phase.value !== "open") {
        return;
      }
      const mine = (newest += 1);
      const answer = await read(opened());
      // A slower older read must not come over a newer one.
      if (mine === newest) {
        value.value = answer;
      }
    },
    { immediate: true },
  );
  return value;
}

/** The rows of a type, by id. */
export function useRows(type: string): Ref<Map<string, Shown> | undefined> {
  return useRead((session) => view(session, type));
}

/** The visits under way. */
export function useDrafts(): Ref<Draft[] | undefined> {
  return useRead(draftsOf);
}

/** One visit under way; undefined once it is finished. */
export function useDraft(id: () => string): ComputedRef<Draft | undefined> {
  const drafts = useDrafts();
  return computed(() => drafts.value?.find((draft) => draft.id === id()));
}

/** A field that holds text; empty where the row has none. */
export function textField(row: Shown | undefined, name: string): string {
  const value = row?.fields[name];
  return typeof value === "string" ? value : "";
}
