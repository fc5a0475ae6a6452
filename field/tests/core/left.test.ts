// What would go with the device, counted while nobody has opened it.

import { expect, it } from "vitest";
import { isAnythingLeft, leftHere } from "../../src/core/left";
import { keepNote } from "../../src/core/notes";
import { addPhoto } from "../../src/core/photos/photos";
import { placeOfPicks } from "../../src/core/stored";
import { sync } from "../../src/core/syncing";
import { startVisit } from "../../src/core/visits";
import { bound, enrolled, surroundings } from "../devices";
import { matter, VILLAGE } from "../exchanges";
import { Station } from "../station";
import { CLEAN } from "./photos/pictures";

it("is what was not sent, a visit, a photo, a form: and nothing the app merely remembers", async () => {
  const station = await Station.open();
  const around = surroundings();
  const session = await enrolled(station, around);
  await matter(session, "sent");
  await sync(session, station.transport);
  await keepNote(session, "recent", { information: "road" });
  await keepNote(session, `${placeOfPicks(VILLAGE)}work`, []);
  const nothing = await leftHere(around);
  expect(nothing).toEqual({ lines: 0, again: 0, visits: 0, photos: 0, forms: 0 });
  expect(isAnythingLeft(nothing)).toBe(false);
  await keepNote(session, `information/${VILLAGE}`, { text: "半篇" });
  expect(isAnythingLeft(await leftHere(around))).toBe(true);
  await matter(session, "waits");
  await startVisit(session, { village_code: VILLAGE, staff_id: "s" });
  await addPhoto(session, { beside: "record", owner: "r", visit: "" }, CLEAN);
  expect(await leftHere(around)).toEqual({ lines: 1, again: 0, visits: 1, photos: 1, forms: 1 });
  // Bound anew the phone sends once more what the server probably has: that would not go with the device.
  const again = await bound(station, session);
  expect(await leftHere(around)).toMatchObject({ lines: 1, again: 1 });
  await sync(again, station.transport);
  expect(await leftHere(around)).toMatchObject({ lines: 0, again: 0 });
});
