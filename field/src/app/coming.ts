// The days before an officer: planned for them, and agreed with households. Advice and appointments;
// nothing is judged by either.

import type { Session } from "../core/session";
import { type Shown, view, viewSome } from "../core/view";
import { clockOf, dayOf } from "./format";

const DAY_MINUTES = 24 * 60;

/** One day in one village. */
export interface ComingDay {
  readonly day: string;
  readonly village: string;
  /** How many households the plan would call on; null where the day is in no plan. */
  readonly households: number | null;
  /** What is agreed, in words: `9:30 东庄3号`. */
  readonly agreed: readonly string[];
}

/** The days from today on, the next first. */
export async function comingDays(session: Session): Promise<ComingDay[]> {
  const [planned, agreed] = await Promise.all([view(session, "planned"), view(session, "agreed")]);
  const today = dayOf(session.clock.now());
  const promises = [...agreed.values()].filter(({ fields }) => String(fields["day"]) >= today);
  const ids = promises.map(({ fields }) => String(fields["household"]));
  const households = await viewSome(session, "household", ids);
  const days = new Map<string, ComingDay>();
  const put = ({ fields }: Shown, more: (known: ComingDay) => Partial<ComingDay>): void => {
    const [day, village] = [String(fields["day"]), String(fields["village"])];
    const known = days.get(`${day}/${village}`) ?? { day, village, households: null, agreed: [] };
    days.set(`${day}/${village}`, { ...known, ...more(known) });
  };
  for (const row of planned.values()) {
    if (String(row.fields["day"]) >= today) {
      put(row, () => ({ households: (row.fields["households"] as readonly string[]).length }));
    }
  }
  for (const row of promises.sort(byTime)) {
    const address = households.get(String(row.fields["household"]))?.fields["address"];
    put(row, (known) => ({ agreed: [...known.agreed, wordsOf(row, String(address ?? "一户"))] }));
  }
  return [...days.values()].sort(
    (one, other) => one.day.localeCompare(other.day) || one.village.localeCompare(other.village),
  );
}

function byTime(one: Shown, other: Shown): number {
  return startOf(one) - startOf(other);
}

/** Minutes of the day to order by; what may be at any time comes last. */
function startOf({ fields }: Shown): number {
  return Number(fields["window_from"] ?? fields["window_to"] ?? DAY_MINUTES);
}

function wordsOf({ fields }: Shown, address: string): string {
  const [from, to] = [fields["window_from"], fields["window_to"]].map((one) =>
    typeof one === "number" ? clockOf(one) : "",
  );
  const when = from && to ? `${from}至${to}` : from ? `${from}以后` : to ? `${to}以前` : "";
  return when ? `${when} ${address}` : address;
}
