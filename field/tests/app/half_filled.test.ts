// The forms that are half filled in, as the settings list them.

import { beforeEach, expect, test } from "vitest";
import { halfFilled } from "../../src/app/half_filled";
import { giveUpForm, keepNote } from "../../src/core/notes";
import { addPhoto } from "../../src/core/photos/photos";
import type { Row } from "../../src/core/protocol";
import type { Session } from "../../src/core/session";
import { sync } from "../../src/core/syncing";
import { finishVisit, startVisit } from "../../src/core/visits";
import { CLEAN } from "../core/photos/pictures";
import { enrolled } from "../devices";
import { household, VILLAGE } from "../exchanges";
import { Station } from "../station";

const LAMP: Row = { row: "matter", id: "m", version: "1", village: VILLAGE, kind: "hazard", place: "桥头", summary: "灯坏" };
const NAMED: Row = { row: "village", id: VILLAGE, version: "1", name: "演示村" };
const ASKED: Row = { row: "question", id: "q", version: "1", village: VILLAGE, text: "?", answer: "", closed: false };
const typed = { said: { place: "桥西头", summary: "灯坏" }, base: { place: "桥头", summary: "灯坏" }, version: "1" };

let station: Station;
let session: Session;

beforeEach(async () => {
  station = await Station.open();
  station.scopes.set(VILLAGE, { epoch: "a", changes: [NAMED, household("h", "一号"), LAMP, ASKED] });
  session = await enrolled(station);
  await sync(session, station.transport);
});

async function listed(): Promise<unknown[]> {
  return (await halfFilled(session)).map(({ label, place, words, to }) => [label, place, words, to]);
}

test("nothing is listed where nothing is half filled in", async () => {
  await keepNote(session, "recent", { information: "road" });
  expect(await listed()).toEqual([]);
});

test("a form leads to where it goes on, and says what was written in it", async () => {
  const visit = await startVisit(session, { village_code: VILLAGE, staff_id: "s" });
  const code = VILLAGE;
  await keepNote(session, "matter/m", typed);
  await keepNote(session, "question/q", { text: "两村同日" });
  await keepNote(session, `call/${visit}/h`, { safe: "yes", note: "要修灶" });
  await keepNote(session, `hazard/${code}`, { id: "n", subkind: "lamp", place: "村口", summary: "", level: "village" });
  await keepNote(session, `information/${code}`, { subkind: "road", text: "塌方" });
  const at = { name: "visit", params: { visit } };
  expect(await listed()).toEqual([
    ["入户走访", "演示村", "要修灶", at],
    ["安全隐患", "演示村", "村口", { name: "village-matter", params: { code, kind: "hazard" } }],
    ["信息通报", "演示村", "塌方", { name: "village-information", params: { code } }],
    ["更正事项", "演示村", "桥西头", { name: "matter-change", params: { code, matter: "m" } }],
    ["答复疑问", "演示村", "两村同日", { name: "question", params: { question: "q" } }],
  ]);
});

test("a form to which no screen leads any more is listed with its words all the same", async () => {
  const visit = await startVisit(session, { village_code: VILLAGE, staff_id: "s" });
  await keepNote(session, "matter/m", typed);
  await keepNote(session, "question/q", { text: "两村同日" });
  await finishVisit(session, visit);
  // Another tab still had it open.
  await keepNote(session, `unlisted/${visit}`, { text: "水库坝上" });
  const closed = [{ ...LAMP, gone: true }, { ...ASKED, version: "2", closed: true }];
  station.scopes.get(VILLAGE)?.changes.push(...closed);
  await sync(session, station.transport);
  expect(await listed()).toEqual([
    ["更正事项", "", "桥西头", undefined],
    ["答复疑问", "演示村", "两村同日", undefined],
    ["名单外的走访", "", "水库坝上", undefined],
  ]);
});

test("a form given up is gone, with the photos that were taken in it and no others", async () => {
  await keepNote(session, `hazard/${VILLAGE}`, { id: "n", place: "村口" });
  await addPhoto(session, { beside: "matter", owner: "n", visit: "n" }, CLEAN);
  const other = await addPhoto(session, { beside: "matter", owner: "m", visit: "" }, CLEAN);
  const [one = expect.fail()] = await halfFilled(session);
  await giveUpForm(session, one.form);
  expect(await halfFilled(session)).toEqual([]);
  expect(await session.store.photos.toCollection().primaryKeys()).toEqual([other]);
});
