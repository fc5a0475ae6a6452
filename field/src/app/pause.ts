// Waiting for a better moment: what nobody looks at yet must not hold up what somebody does.

const LATER_MS = 200;

/** When the page has nothing better to do. */
export function idle(): Promise<unknown> {
  // Not everywhere; a moment later does as well.
  return new Promise((resolve) =>
    "requestIdleCallback" in window
      ? requestIdleCallback(resolve)
      : setTimeout(resolve, LATER_MS),
  );
}

/** After so many milliseconds, when the page has nothing better to do. */
export async function idleAfter(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  await idle();
}

/** When what was put on the page is seen. A page that nobody sees paints nothing, and is not waited for. */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    if (document.hidden) {
      resolve();
    } else {
      requestAnimationFrame(() => setTimeout(resolve));
    }
  });
}
