// A form over a row that the station also writes: what the officer says of it, and what stood there when
// they said it. An exchange meanwhile takes nothing out of the form, and what they have not touched
// stands as the station has it when the form is opened again.

import { type Ref, shallowRef, watch } from "vue";
import { type Edit, type Edited, editForm, textOf, touchedIn } from "../core/edits";
import type { Shown } from "../core/view";
import { type KeptForm, useKeptForm } from "./forms";
import { useRows } from "./rows";

export interface RowForm<T> extends KeptForm<Edit<T>> {
  readonly rows: Ref<Map<string, Shown> | undefined>;
  /** The row as it stood when it was edited; none while it is not here to read. */
  readonly row: Ref<Shown | undefined>;
}

/** The fields of `blank`, as text, of the row of a type with this id. */
export function useRowForm<T extends Record<string, string>>(
  type: Edited,
  id: string,
  blank: T,
): RowForm<T> {
  const rows = useRows(type);
  const row = shallowRef<Shown>();
  const form = useKeptForm(editForm(type, id), unedited(blank), {
    says: (edit) => touchedIn(edit).length > 0,
  });

  watch([rows, form.ready], () => {
    const here = rows.value?.get(id);
    if (row.value === undefined && here !== undefined && form.ready.value) {
      const edit = takenUp(form.values, here);
      Object.assign(form.values, edit);
      row.value = editedFrom(edit, here);
    }
  });
  return { ...form, rows, row };
}

/** Nothing said of a row that is not known yet. */
export function unedited<T extends Record<string, string>>(blank: T): Edit<T> {
  return { said: { ...blank }, base: { ...blank }, version: "" };
}

/** An edit gone on with over the row as it is now: what was not touched follows the row, and so does what
 * stood there where that is not known any more. */
export function takenUp<T extends Record<string, string>>(edit: Edit<T>, here: Shown): Edit<T> {
  const touched: readonly string[] = touchedIn(edit);
  const others = Object.keys(edit.said).filter((name) => !touched.includes(name));
  const unknown = touched.filter((name) => edit.base[name] === undefined);
  const stood = Object.fromEntries(unknown.map((name) => [name, here.fields[name] ?? null]));
  const fields = others.map((name) => [name, here.fields[name] ?? null] as const);
  const texts = fields.map(([name, value]) => [name, textOf(value)] as const);
  return {
    said: { ...edit.said, ...Object.fromEntries(texts) },
    base: { ...edit.base, ...stood, ...Object.fromEntries(fields) },
    version: touched.length > unknown.length ? edit.version : (here.version ?? ""),
  };
}

/** The row an edit was made from. */
export function editedFrom<T>({ base, version }: Edit<T>, here: Shown): Shown {
  const { version: _, ...row } = here;
  const fields = { ...here.fields, ...base };
  return { ...row, fields, ...(version === "" ? {} : { version }) };
}
