// How this phone is set. Nothing here is secret, and some of it counts before the device is unlocked.

import { reactive, watch } from "vue";

export interface Settings {
  theme: "auto" | "light" | "dark";
  /** Minutes without a touch until the device locks itself. */
  lockMinutes: number;
  /** Take the place once whenever a visit is finished. */
  position: boolean;
}

const NAME = "cunjing-settings";
const DEFAULTS: Settings = { theme: "auto", lockMinutes: 5, position: false };
export const LOCK_MINUTES = [1, 2, 5, 10, 15] as const;

function read(): Settings {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(NAME) ?? "{}") as Partial<Settings>) };
  } catch {
    // Altered by hand, or storage is closed to the page: nothing anybody wrote is lost.
    return { ...DEFAULTS };
  }
}

export const settings = reactive(read());

/** What one person has allowed, the next has not: whoever has the phone from now on is asked anew. */
export function forgetLeave(): void {
  settings.position = DEFAULTS.position;
}

/** Keep the settings from now on, and show the page as they say; those of the other tabs count here too. */
export function followSettings(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = (): void => {
    const on = settings.theme === "dark" || (settings.theme === "auto" && dark.matches);
    document.documentElement.classList.toggle("van-theme-dark", on);
  };
  dark.addEventListener("change", paint);
  addEventListener("storage", ({ key }) => {
    if (key === NAME) {
      Object.assign(settings, read());
    }
  });
  watch(
    settings,
    () => {
      localStorage.setItem(NAME, JSON.stringify(settings));
      paint();
    },
    { deep: true },
  );
  paint();
}
