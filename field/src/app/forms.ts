// Forms: kept while they are filled in, so that a call, a lock or an empty battery costs no word.

import { onBeforeUnmount, reactive, type Ref, ref, watch } from "vue";
import { showToast } from "vant";
import { Note, noteOf } from "../core/notes";
import type { Session } from "../core/session";
import type { Write } from "../core/store";
import { wordsFor } from "./problems";
import { act, opened } from "./session";

const PAUSE_MS = 400;
/** Nobody is shown that it takes time before it does. */
const SLOW_MS = 300;

/** What a form says, written by the session; `also` goes with it. */
export type FormWork = (session: Session, also: Write) => Promise<unknown>;

export interface KeptForm<T> {
  readonly values: T;
  /** False until what stood in the form last is there. */
  readonly ready: Ref<boolean>;
  readonly busy: Ref<boolean>;
  readonly fault: Ref<string>;
  /** Keep what stands in the form now, and not only soon. */
  keep(): Promise<void>;
  /** Save the form: with what `work` writes goes what was kept of it, so that a phone that dies then
   * brings back no form whose record is written. True where it was saved. */
  save(work: FormWork, said: string): Promise<boolean>;
}

/** The values of a form named `name`; they are kept sealed until it is saved, as long as they say
 * anything. */
export function useKeptForm<T extends object>(
  name: string,
  initial: T,
  says: (values: T) => boolean = () => true,
): KeptForm<T> {
  const values = reactive({ ...initial }) as T;
  const ready = ref(false);
  const session = opened();
  const note = new Note(session, name, () => (says(values) ? values : undefined));
  const { busy, fault, save } = useSaving();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const keep = (): Promise<void> => {
    stop();
    return note.keep();
  };
  // On a full phone it is not kept; saving the form will say so.
  const keepIfPossible = (): void => void keep().catch(() => undefined);
  void noteOf<Partial<T>>(session, name).then((kept) => {
    Object.assign(values, kept);
    ready.value = true;
    watch(values, () => {
      stop();
      timer = setTimeout(keepIfPossible, PAUSE_MS);
    }, { deep: true });
  });
  onBeforeUnmount(() => {
    // Locking takes the screen away: what was typed in the last moment counts too.
    if (timer !== undefined) {
      keepIfPossible();
    }
  });

  const written = (by: Session, work: FormWork): Promise<void> => {
    stop();
    return note.become((also) => work(by, also));
  };
  return {
    values,
    ready,
    busy,
    fault,
    keep,
    save: (work, said) => save((by) => written(by, work), said),
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
      let written = false;
      try {
        await act(async (session) => {
          await work(session);
          written = true;
        });
        showToast({ message: said, position: "top" });
      } catch (error) {
        // What is written stays so, whatever could not be shown after it: asked for again, it would be
        // written twice.
        fault.value = written ? "" : wordsFor(error);
      } finally {
        saving = false;
        clearTimeout(slow);
        busy.value = false;
      }
      return written;
    },
  };
}
