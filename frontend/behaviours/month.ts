// A planned day dragged onto another day of the calendar is sent as the form that moves it:
//   <form data-move-form method="post"> … <input name="to"> </form>
//   <a data-plan-day href="page of the day" draggable="true">
//   <td data-day="2026-10-08">
// Without a mouse the same link opens a page with the same form.

let dragged: HTMLAnchorElement | null = null;

/** Listen once on the document; pages without a calendar have none of these attributes. */
export function startMonth(): void {
  document.addEventListener("dragstart", (event) => {
    dragged = (event.target as Element).closest<HTMLAnchorElement>("a[data-plan-day]");
  });
  document.addEventListener("dragend", () => {
    mark(null);
    dragged = null;
  });
  document.addEventListener("dragover", (event) => {
    const day = dayUnder(event);
    if (day !== null) event.preventDefault();
    mark(day);
  });
  document.addEventListener("drop", (event) => {
    const day = dayUnder(event);
    if (day === null || dragged === null) return;
    event.preventDefault();
    send(dragged.href, day.dataset["day"] ?? "");
  });
}

function dayUnder(event: DragEvent): HTMLElement | null {
  if (dragged === null) return null;
  return (event.target as Element).closest<HTMLElement>("[data-day]");
}

function mark(day: HTMLElement | null): void {
  for (const one of document.querySelectorAll(".month-over")) one.classList.remove("month-over");
  day?.classList.add("month-over");
}

function send(href: string, day: string): void {
  const form = document.querySelector<HTMLFormElement>("form[data-move-form]");
  const field = form?.querySelector<HTMLInputElement>('input[name="to"]');
  if (!form || !field) return;
  form.action = href;
  field.value = day;
  form.requestSubmit();
}
