// What tests of the exchange have in common.

import { outboxOf } from "../src/core/outbox";
import { record } from "../src/core/recording";
import type { Session } from "../src/core/session";
import type { Transport } from "../src/core/transport";
import { view } from "../src/core/view";
import type { Station } from "./station";

export const VILLAGE = "411526000001";
export const OTHER = "411526000002";
export const HOUR = 3_600_000;

export function household(id: string, address: string, version = "1") {
  return { row: "household", id, version, address };
}

export async function matter(session: Session, id: string): Promise<void> {
  await record(session, "matter", { id, village_code: VILLAGE, summary: id });
}

export async function states(session: Session): Promise<string[]> {
  return (await outboxOf(session)).map(({ state }) => state);
}

export async function addresses(session: Session): Promise<unknown[]> {
  const rows = [...(await view(session, "household")).values()];
  return rows.map(({ fields }) => fields["address"]).toSorted();
}

/** What a request meets: `go` lets it through. */
export type Meets = (go: () => ReturnType<Transport>) => ReturnType<Transport>;

/** The way to a station on which the k-th request meets what `fault` does to it. */
export function faulty(station: Station, at: number, fault: Meets): Transport {
  let count = 0;
  return (request) => {
    count += 1;
    return count === at ? fault(() => station.answer(request)) : station.answer(request);
  };
}

/** What fetch does where there is no network. */
export const lost = (): never => {
  throw new TypeError("Failed to fetch");
};

/** A gate on the way of one kind of request: closed, it says who waits before it. */
export function gate(path: string, answer: Transport) {
  const gate = { open: (): void => undefined, reached: Promise.resolve() };
  const opened = new Promise<void>((resolve) => (gate.open = resolve));
  let here = (): void => undefined;
  gate.reached = new Promise((resolve) => (here = resolve));
  const transport: Transport = async (request) => {
    if (request.path === path) {
      here();
      await opened;
    }
    return answer(request);
  };
  return { ...gate, transport };
}
