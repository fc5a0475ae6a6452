// Forms: kept while they are filled in, so that a call, a lock or an empty battery costs no word.

import { onBeforeUnmount, reactive, ref, watch } from "vue";
import { showToast } from "vant";
import { dropNote, keepNote, noteOf } from "../core/notes";
import type { Session } from "../core/session";
import { wordsFor } from "./problems";
import { act, opened } from "./session";

const PAUSE_MS = 400;
/** Nobody is shown that it takes time before it does. */
const SLOW_MS = 300;

export interface KeptForm<T> {
  readonly values: T;
  /** False until what stood in the form last is there. */
  readonly ready: Readonly<{ value: boolean }>;
  /** Forget what stood here: it was saved. */
  done(): Promise<void>;
}

/** The values of a form named `name`; they are kept sealed until it is done. */
export function useKeptForm<T extends object>(name: string, initial: T): KeptForm<T> {
  const values = reactive({ ...initial }) as T;
  const ready = ref(false);
  const session = opened();
  let finished = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const keep = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (!finished) {
      // On a full phone it is not kept; saving the form will say so.
      void keepNote(session, name, values).catch(() => undefined);
    }
  };
  void noteOf<Partial<T>>(session, name).then((kept) => {
    Object.assign(values, kept);
    ready.value = true;
    watch(values, () => {
      clearTimeout(timer);
      timer = setTimeout(keep, PAUSE_MS);
    }, { deep: true });
  });
  onBeforeUnmount(() => {
    // Locking takes the screen away: what was typed in the last moment counts too.
    if (timer !== undefined) {
      keep();
    }
  });

  return {
    values,
    ready,
    done: async () => {
      finished = true;
      clearTimeout(timer);
      timer = undefined;
      // What it was for is saved; that its note stays must not look otherwise.
      await dropNote(session, name).catch(() => undefined);
    },
  };
}

/** Saving: once at a time, its fault in words, its success said. */
export function useSaving() {
  const busy = ref(false);
  const fault = ref("");
  let saving = false;
  return {
    busy,
    fault,
    /** True where it was saved. */
    async save(work: (session: Session) => Promise<unknown>, said: string): Promise<boolean> {
      if (saving) {
        return false;
      }
      saving = true;
      // Drawing and turning a sign would take longer than most saves.
      const slow = setTimeout(() => {
        busy.value = true;
      }, SLOW_MS);
      fault.value = "";
      try {
        await act(work);
        showToast({ message: said, position: "top" });
        return true;
      } catch (error) {
        fault.value = wordsFor(error);
        return false;
      } finally {
        saving = false;
        clearTimeout(slow);
        busy.value = false;
      }
    },
  };
}
