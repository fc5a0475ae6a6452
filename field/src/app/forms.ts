// Forms: kept while they are filled in, so that a call, a lock or an empty battery costs no word.

import { onBeforeUnmount, reactive, type Ref, ref, watch } from "vue";
import { showToast } from "vant";
import { Note, noteOf } from "../core/notes";
import type { Body } from "../core/protocol";
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

export interface FormWays<T> {
  /** The frame remembered from the last form, which a new one begins with. */
  readonly remembered?: (session: Session) => Promise<Partial<T>>;
  /** Whether a form says anything: more than `beginning`, as it stood before anybody touched it. */
  readonly says?: (values: T, beginning: T) => boolean;
  /** What is kept of a form that says anything: all of it, unless told otherwise. */
  readonly kept?: (values: T) => Body;
  /** The form again, of what was kept of it. */
  readonly again?: (kept: Body) => Partial<T>;
}

/** The values of a form named `name`; they are kept sealed until it is saved, as long as they say
 * anything. A form that was merely opened says nothing: it would be work left on the phone. */
export function useKeptForm<T extends object>(
  name: string,
  initial: T,
  {
    remembered = () => Promise.resolve({}),
    says = differs,
    kept: keptOf = (all) => all as Body,
    again = (all) => all as Partial<T>,
  }: FormWays<T> = {},
): KeptForm<T> {
  // Apart from the values: what is in them may be written in place.
  let beginning = copyOf(initial);
  const values = reactive(copyOf(initial)) as T;
  const ready = ref(false);
  const session = opened();
  const note = new Note(session, name, () => (says(values, beginning) ? keptOf(values) : undefined));
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
  void Promise.all([noteOf<Body>(session, name), remembered(session)]).then(([kept, frame]) => {
    Object.assign(values, untouchedOf(copyOf(frame), { values, beginning }), kept && again(kept));
    beginning = copyOf({ ...beginning, ...frame });
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

/** Whether anything stands in a form that did not at its beginning. */
export function differs<T>(values: T, beginning: T): boolean {
  return JSON.stringify(values) !== JSON.stringify(beginning);
}

/** What is remembered, but of what somebody has filled in before it was read. */
function untouchedOf<T>(frame: Partial<T>, { values, beginning }: Record<"values" | "beginning", T>): Partial<T> {
  const names = Object.keys(frame) as (keyof T)[];
  const found = names.filter((name) => !differs(values[name], beginning[name]));
  return Object.fromEntries(found.map((name) => [name, frame[name]])) as Partial<T>;
}

/** What can be kept can be copied. */
function copyOf<T>(values: T): T {
  return JSON.parse(JSON.stringify(values)) as T;
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
