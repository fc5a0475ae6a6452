// Repeated rows of a Django formset:
//   <fieldset data-rows="calls">                     the formset's prefix
//     … <input name="calls-TOTAL_FORMS"> …
//     <div data-rows-body> one child element a row </div>
//     <template data-rows-new> the empty form, its index written __prefix__ </template>
//     <button type="button" data-rows-add>再加一户</button>
//   </fieldset>
// Inside a row, <button type="button" data-rows-remove> takes it out: the server reads an index
// without fields as an empty form, so the others keep their numbers.

/** Let every add button append one empty row and put the cursor into it. */
export function startRows(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest("[data-rows-add]");
    const rows = button?.closest<HTMLElement>("[data-rows]");
    if (rows) addRow(rows);
    (event.target as Element).closest("[data-rows-remove]")?.closest("[data-row]")?.remove();
  });
}

function addRow(rows: HTMLElement): void {
  const prefix = rows.dataset["rows"] ?? "";
  const total = rows.querySelector<HTMLInputElement>(`input[name="${prefix}-TOTAL_FORMS"]`);
  const body = rows.querySelector("[data-rows-body]");
  const blank = rows.querySelector<HTMLTemplateElement>("template[data-rows-new]");
  if (total === null || body === null || blank === null) return;
  const index = Number(total.value);
  const holder = document.createElement("template");
  holder.innerHTML = blank.innerHTML.replaceAll("__prefix__", String(index));
  const first = holder.content.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea");
  body.append(holder.content);
  total.value = String(index + 1);
  first?.focus();
}
