// Form behaviours asked for by data attributes; without a script every form still works.
//   form[data-submit-on-change]   a filter form sends itself when a field changes
//   form[data-confirm="…？"]       asks before it is sent
//   button[data-print]            prints the page

/** Listen once on the document, so that swapped-in content needs no set-up. */
export function startForms(): void {
  document.addEventListener("change", (event) => {
    const form = (event.target as Element).closest<HTMLFormElement>("form[data-submit-on-change]");
    form?.requestSubmit();
  });
  document.addEventListener("submit", (event) => {
    const question = (event.target as HTMLElement).dataset["confirm"];
    if (question !== undefined && !window.confirm(question)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("button[data-print]") !== null) window.print();
  });
}
