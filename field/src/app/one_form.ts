// The forms of what a visit has at most one of. Where it has that already its form begins with it, and saving
// it is a change of that one: a form begun anew would replace it without a word.

import { type Ref, ref } from "vue";
import type { Body } from "../core/protocol";
import { draftsOf, type OnePart } from "../core/visits";
import { type KeptForm, useKeptForm } from "./forms";
import { type Recent, recentOf } from "./recent";

export interface OneForm<T> extends KeptForm<T> {
  /** The visit had one when the form was opened. */
  readonly changing: Ref<boolean>;
}

export interface OneWays<T> {
  /** The form as what the visit has of it stands. */
  readonly shown: (part: Body) => T;
  /** What a new one begins with. */
  readonly recent: (recent: Recent) => Partial<T>;
}

export function useOneForm<T extends object>(
  visit: string,
  part: OnePart,
  blank: T,
  { shown, recent }: OneWays<T>,
): OneForm<T> {
  const changing = ref(false);
  const form = useKeptForm(`${part}/${visit}`, blank, {
    remembered: async (session) => {
      const draft = (await draftsOf(session)).find(({ id }) => id === visit);
      const had = draft?.[part];
      changing.value = had !== undefined;
      return had === undefined ? recent(await recentOf(session)) : shown(had);
    },
  });
  return { ...form, changing };
}

export interface WarningForm {
  title: string;
  text: string;
  published: string[];
}

export const NO_WARNING: WarningForm = { title: "", text: "", published: [] };

export const WARNING_WAYS: OneWays<WarningForm> = {
  shown: ({ title, text, published }) => ({
    title: String(title ?? ""),
    text: String(text ?? ""),
    published: [...((published ?? []) as string[])],
  }),
  recent: ({ published = [] }) => ({ published: [...published] }),
};

export interface SessionForm {
  subkind: string;
  topic: string;
  audience: string[];
  count: string;
}

export const NO_SESSION: SessionForm = { subkind: "", topic: "", audience: [], count: "" };

export const SESSION_WAYS: OneWays<SessionForm> = {
  shown: ({ subkind, topic, audience, audience_count }) => ({
    subkind: String(subkind ?? ""),
    topic: String(topic ?? ""),
    audience: [...((audience ?? []) as string[])],
    count: String(audience_count ?? ""),
  }),
  recent: ({ session: subkind = "", audience = [] }) => ({ subkind, audience: [...audience] }),
};
