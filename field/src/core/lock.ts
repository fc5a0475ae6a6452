// One writer per device: two tabs, or a tab and a service worker, must not number lines at once.

export interface Lock {
  /** Run alone among all who hold the same name. */
  run<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** Across all tabs and workers of a browser. */
export function webLocks(manager: LockManager): Lock {
  return {
    run: <T>(name: string, work: () => Promise<T>): Promise<T> =>
      manager.request(name, work) as Promise<T>,
  };
}

/** Within one process: for programs that are the only one on their store. */
export function processLock(): Lock {
  const tails = new Map<string, Promise<unknown>>();
  return {
    run: <T>(name: string, work: () => Promise<T>): Promise<T> => {
      const before = tails.get(name) ?? Promise.resolve();
      const mine = before.then(work);
      // Whoever comes next waits for the end of this one, not for its success.
      tails.set(
        name,
        mine.catch(() => undefined),
      );
      return mine;
    },
  };
}
