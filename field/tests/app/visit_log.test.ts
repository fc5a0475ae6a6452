import { expect, test } from "vitest";
import { addToLog, finishForm, joinedLog } from "../../src/app/visit_log";
import { LIMITS } from "../../src/app/choices";
import { keepNote, noteOf } from "../../src/core/notes";
import type { Session } from "../../src/core/session";
import { finishVisit, NoDraftError, startVisit } from "../../src/core/visits";
import { newSession } from "../devices";
import { refusedAndTakenUp } from "../refused";

async function begun(): Promise<{ session: Session; visit: string; form: string }> {
  const session = await newSession();
  const visit = await startVisit(session, { village_code: "411526000001", staff_id: "s" });
  return { session, visit, form: finishForm(visit) };
}

test("what is written ahead stands in the log the visit is ended with, line by line", async () => {
  const { session, visit, form } = await begun();
  await addToLog(session, visit, "入户：12号");
  await addToLog(session, visit, "入户：13号");
  expect(await noteOf(session, form)).toEqual({ log: "入户：12号\n入户：13号" });
  expect(await noteOf(session, finishForm("other"))).toBeUndefined();
});

test("what the officer has begun to write at the end of the visit stays", async () => {
  const { session, visit, form } = await begun();
  await keepNote(session, form, { log: "走了河东组", time: "17:30" });
  await addToLog(session, visit, "入户：12号");
  expect(await noteOf(session, form)).toEqual({ log: "走了河东组\n入户：12号", time: "17:30" });
});

test("a log that is full takes no more, and loses nothing", async () => {
  const { session, visit, form } = await begun();
  const log = "字".repeat(LIMITS.log - 2);
  await keepNote(session, form, { log });
  await expect(addToLog(session, visit, "入户")).rejects.toThrow("工作日志写满了");
  await addToLog(session, visit, "户");
  expect(await noteOf(session, form)).toEqual({ log: `${log}\n户` });
});

test("what a visit taken up again had said counts in its log, once", async () => {
  const log = "字".repeat(LIMITS.log - 2);
  const { session, draft } = await refusedAndTakenUp({ log });
  const form = finishForm(draft.id);
  await expect(addToLog(session, draft.id, "入户")).rejects.toThrow("工作日志写满了");
  expect(await noteOf(session, form)).toBeUndefined();
  await addToLog(session, draft.id, "户");
  expect(await noteOf(session, form)).toEqual({ log: "户" });
  expect(joinedLog(draft.before, "户")).toBe(`${log}\n户`);
  // The form that ends the visit has taken over what was said before, and it was cut short there.
  await keepNote(session, form, { log: "字", filled: true });
  await addToLog(session, draft.id, "入户");
  expect(await noteOf(session, form)).toEqual({ log: "字\n入户", filled: true });
});

test("nothing is written into the log of a visit that has ended, and the form it stood in stays", async () => {
  const { session, visit, form } = await begun();
  const write = (): Promise<void> =>
    addToLog(session, visit, "入户：12号", (store) => store.notes.delete(`unlisted/${visit}`));
  await finishVisit(session, visit);
  // The screen that was open all the while keeps what stands in it.
  await keepNote(session, `unlisted/${visit}`, { text: "12号" });
  await expect(write()).rejects.toThrow(NoDraftError);
  expect(await noteOf(session, form)).toBeUndefined();
  expect(await noteOf(session, `unlisted/${visit}`)).toEqual({ text: "12号" });
});

test("a visit that ends while its log is written takes nothing with it", async () => {
  const { session, visit, form } = await begun();
  await keepNote(session, `unlisted/${visit}`, { text: "12号" });
  const seal = session.data.sealJson.bind(session.data);
  session.data.sealJson = async (place, value) => {
    session.data.sealJson = seal;
    // Another tab is done with the visit between the reading and the writing.
    await session.store.drafts.delete(visit);
    return seal(place, value);
  };
  const also = addToLog(session, visit, "入户：12号", (store) => store.notes.delete(`unlisted/${visit}`));
  await expect(also).rejects.toThrow(NoDraftError);
  expect(await noteOf(session, form)).toBeUndefined();
  expect(await noteOf(session, `unlisted/${visit}`)).toEqual({ text: "12号" });
});
