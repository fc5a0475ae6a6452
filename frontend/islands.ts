// Data islands: elements that name, by id, the JSON they are drawn from (Django's json_script).

/** Call draw for each `[attribute]` element not drawn yet, now and after every htmx swap. */
export function eachIsland<Spec>(
  attribute: string,
  draw: (element: HTMLElement, spec: Spec) => void,
): void {
  const drawn = new WeakSet<Element>();
  const look = (): void => {
    for (const element of document.querySelectorAll<HTMLElement>(`[${attribute}]`)) {
      if (drawn.has(element)) continue;
      drawn.add(element);
      draw(element, readSpec<Spec>(element.getAttribute(attribute) ?? ""));
    }
  };
  look();
  document.addEventListener("htmx:load", look);
}

function readSpec<Spec>(id: string): Spec {
  const island = document.getElementById(id);
  if (island === null) throw new Error(`no data island with id "${id}"`);
  return JSON.parse(island.textContent ?? "") as Spec;
}
