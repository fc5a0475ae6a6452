// What the screens read: pulled rows with what was recorded here over them, read anew after each change.

import { type Ref, shallowRef, watch } from "vue";
import type { Session } from "../core/session";
import { type Shown, view } from "../core/view";
import { type Draft, draftsOf } from "../core/visits";
import { opened, useSession } from "./session";

/** The answer of a read, read again whenever something was saved or pulled. Undefined at first. */
export function useRead<T>(read: (session: Session) => Promise<T>): Ref<T | undefined> {
  const value = shallowRef<T>();
  const { revision, phase } = useSession();
  let newest = 0;
  watch(
    revision,
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

/** A field that holds text; empty where the row has none. */
export function textField(row: Shown | undefined, name: string): string {
  const value = row?.fields[name];
  return typeof value === "string" ? value : "";
}
