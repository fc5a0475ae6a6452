import { expect, test } from "vitest";
import { addToLog, finishForm } from "../../src/app/visit_log";
import { LIMITS } from "../../src/app/choices";
import { keepNote, noteOf } from "../../src/core/notes";
import { newSession } from "../devices";

const FORM = finishForm("v");

test("what is written ahead stands in the log the visit is ended with, line by line", async () => {
  const session = await newSession();
  await addToLog(session, "v", "入户：12号");
  await addToLog(session, "v", "入户：13号");
  expect(await noteOf(session, FORM)).toEqual({ log: "入户：12号\n入户：13号" });
  expect(await noteOf(session, finishForm("other"))).toBeUndefined();
});

test("what the officer has begun to write at the end of the visit stays", async () => {
  const session = await newSession();
  await keepNote(session, FORM, { log: "走了河东组", time: "17:30" });
  await addToLog(session, "v", "入户：12号");
  expect(await noteOf(session, FORM)).toEqual({ log: "走了河东组\n入户：12号", time: "17:30" });
});

test("a log that is full takes no more, and loses nothing", async () => {
  const session = await newSession();
  const log = "字".repeat(LIMITS.log - 2);
  await keepNote(session, FORM, { log });
  await expect(addToLog(session, "v", "入户")).rejects.toThrow("工作日志写满了");
  await addToLog(session, "v", "户");
  expect(await noteOf(session, FORM)).toEqual({ log: `${log}\n户` });
});
