// One live region for what happened, read aloud by screen readers.

/** Show a sentence in the page's notice region (`<div id="notices" role="status">`). */
export function announce(sentence: string): void {
  const region = document.getElementById("notices");
  if (region === null) return;
  const line = document.createElement("div");
  line.className = "alert alert-danger";
  line.textContent = sentence;
  region.replaceChildren(line);
}
