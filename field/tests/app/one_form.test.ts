// The form of a warning or a session where the visit has one already.

import { beforeEach, expect, test, vi } from "vitest";
import {
  NO_SESSION,
  NO_WARNING,
  SESSION_WAYS,
  type SessionForm,
  useOneForm,
  WARNING_WAYS,
  type WarningForm,
} from "../../src/app/one_form";
import { noteRecent } from "../../src/app/recent";
import { opened, unlock } from "../../src/app/session";
import { formsKept } from "../../src/core/notes";
import { addToVisit, dropFromVisit, startVisit } from "../../src/core/visits";
import { PASSPHRASE } from "../devices";
import { VILLAGE } from "../exchanges";
import { deviceHere, screenOf, usePage } from "./page";

usePage();

const FLOOD: WarningForm = { title: "防溺水", text: "水库边看好孩子。", published: ["board"] };
const FRAUD: SessionForm = { subkind: "fraud", topic: "刷单", audience: ["elderly"], count: "12" };

let visit: string;

beforeEach(async () => {
  await deviceHere();
  await unlock(PASSPHRASE);
  visit = await startVisit(opened(), { village_code: VILLAGE, staff_id: "s" });
  await noteRecent(opened(), { published: ["radio"], session: "fire", audience: ["villagers"] });
});

async function warning() {
  const screen = screenOf(() => useOneForm(visit, "warning", NO_WARNING, WARNING_WAYS));
  await vi.waitUntil(() => screen.given.ready.value);
  return screen;
}

test("a second warning is plainly a change of the first, which is left as it was where nothing is saved", async () => {
  await addToVisit(opened(), visit, "warning", { ...FLOOD });
  const { given, leave } = await warning();
  expect([given.changing.value, given.values]).toEqual([true, FLOOD]);
  await given.keep();
  leave();
  expect(await formsKept(opened().store)).toBe(0);
});

test("a second session is a change of the first as well", async () => {
  const { count, ...said } = FRAUD;
  await addToVisit(opened(), visit, "session", { ...said, audience_count: Number(count) });
  const { given } = screenOf(() => useOneForm(visit, "session", NO_SESSION, SESSION_WAYS));
  await vi.waitUntil(() => given.ready.value);
  expect([given.changing.value, given.values]).toEqual([true, FRAUD]);
});

test("the first begins with the frame of the last form, and so does one after it was taken out", async () => {
  const id = await addToVisit(opened(), visit, "warning", { ...FLOOD });
  await dropFromVisit(opened(), visit, id);
  const { given } = await warning();
  expect([given.changing.value, given.values]).toEqual([false, { title: "", text: "", published: ["radio"] }]);
});
