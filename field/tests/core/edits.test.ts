// Forms over a pulled row, once the row is gone: the officer's words stay, what was pulled does not.

import { beforeEach, describe, expect, it } from "vitest";
import { type Edit, editForm, wordsLeft } from "../../src/core/edits";
import { withdraw } from "../../src/core/leaving";
import { keepNote, noteOf } from "../../src/core/notes";
import type { Session } from "../../src/core/session";
import { sync } from "../../src/core/syncing";
import { enrolled } from "../devices";
import { household, VILLAGE } from "../exchanges";
import { Station } from "../station";

type Said = Record<"address" | "hamlet" | "visit_priority", string>;

const FORM = editForm("household", "a");
const BASE = { address: "村东一号", hamlet: "east", visit_priority: 1 };
const EDIT: Edit<Said> = {
  said: { address: "村东二号", hamlet: "east", visit_priority: "1" },
  base: BASE,
  version: "1",
};
const WORDS = { said: { address: "村东二号", hamlet: "", visit_priority: "" }, base: {}, version: "" };

let station: Station;
let session: Session;

beforeEach(async () => {
  station = await Station.open();
  station.scopes.set(VILLAGE, { epoch: "a", changes: [household("a", "村东一号"), household("b", "二")] });
  session = await enrolled(station);
  await sync(session, station.transport);
  await keepNote(session, FORM, EDIT);
});

const kept = (): Promise<unknown> => noteOf(session, FORM);

describe("a form over a pulled row", () => {
  it("keeps what stood there while the row is here", async () => {
    station.scopes.get(VILLAGE)?.changes.push(household("b", "三"));
    await sync(session, station.transport);
    expect(await kept()).toEqual(EDIT);
  });

  it.each<[string, () => void]>([
    ["the grant ended", () => station.scopes.delete(VILLAGE)],
    ["the row is gone", () => station.scopes.get(VILLAGE)?.changes.push({ ...household("a", ""), gone: true })],
  ])("keeps the officer's words alone once %s", async (_, end) => {
    end();
    await sync(session, station.transport);
    expect(await kept()).toEqual(WORDS);
  });

  it("keeps the officer's words alone once the phone was withdrawn", async () => {
    await withdraw(session);
    expect(await kept()).toEqual(WORDS);
  });

  it("is gone with its row where nothing is said in it", async () => {
    await keepNote(session, FORM, { ...EDIT, said: { ...EDIT.said, address: "村东一号" } });
    station.scopes.delete(VILLAGE);
    await sync(session, station.transport);
    expect(await kept()).toBeUndefined();
  });

  it("loses nothing that is typed while the row goes", async () => {
    station.scopes.delete(VILLAGE);
    await sync(session, station.transport);
    await keepNote(session, FORM, EDIT);
    const write = await wordsLeft(session);
    const typed = { ...EDIT, said: { ...EDIT.said, address: "村东三号" } };
    await keepNote(session, FORM, typed);
    await write(session.store);
    expect(await kept()).toEqual(typed);
    await (await wordsLeft(session))(session.store);
    expect(await kept()).toEqual({ ...WORDS, said: { ...WORDS.said, address: "村东三号" } });
  });
});
