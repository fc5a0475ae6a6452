import { beforeEach, describe, expect, it } from "vitest";
import {
  addPhoto,
  arrivedPhotos,
  dropPhoto,
  lostPhotos,
  MOST_OF_ONE,
  photosOf,
  promisePhotos,
  TooManyPhotosError,
  tooManyBeside,
} from "../../../src/core/photos/photos";
import { PlaceGoneError, visitRecorded } from "../../../src/core/photos/places";
import { type Sent, sendPhotos } from "../../../src/core/photos/sending";
import { record } from "../../../src/core/recording";
import type { Session } from "../../../src/core/session";
import { sync } from "../../../src/core/syncing";
import {
  abandonVisit,
  addToVisit,
  draftsOf,
  dropFromVisit,
  finishVisit,
  startVisit,
} from "../../../src/core/visits";
import { enrolled } from "../../devices";
import { Station } from "../../station";
import { CLEAN } from "./pictures";

const BEGUN = { village_code: "411526000001", staff_id: "s" };
const HAZARD = { kind: "hazard", summary: "路灯不亮" };

let station: Station;
let session: Session;
let visit: string;

beforeEach(async () => {
  station = await Station.open();
  session = await enrolled(station);
  visit = await startVisit(session, BEGUN);
});

function ofVisit() {
  return { beside: "record", owner: visit, visit } as const;
}

function ofMatter(owner: string, under = visit) {
  return { beside: "matter", owner, visit: under } as const;
}

async function standing(): Promise<[string, string][]> {
  return (await photosOf(session)).map(({ owner, state }) => [owner, state]);
}

async function exchange(answer: Sent["kind"] = "sent"): Promise<void> {
  await promisePhotos(session);
  await sync(session, station.transport);
  const said: Sent = answer === "refused" ? { kind: answer, reason: "打不开" } : { kind: answer };
  await sendPhotos(session, () => Promise.resolve(said));
}

describe("a photo whose saving took longer than its visit", () => {
  it("belongs to the visit, and is sent with it", async () => {
    await finishVisit(session, visit);
    const id = await addPhoto(session, ofVisit(), CLEAN);
    expect(await standing()).toEqual([[visit, "ready"]]);
    await exchange();
    expect(station.lines.map(({ mutation }) => mutation.type)).toEqual(["visit_entry", "photo"]);
    expect(station.lines[1]?.mutation.body).toMatchObject({ id, record_id: visit });
    expect(await standing()).toEqual([]);
  });

  it("belongs to it also where the server has the visit already", async () => {
    await finishVisit(session, visit);
    await sync(session, station.transport);
    await addPhoto(session, ofVisit(), CLEAN);
    expect(await standing()).toEqual([[visit, "ready"]]);
  });

  it("and is saved in the same moment, stands whichever was first", async () => {
    await Promise.all([addPhoto(session, ofVisit(), CLEAN), finishVisit(session, visit)]);
    expect(await standing()).toEqual([[visit, "ready"]]);
  });

  it("is refused aloud where the visit was abandoned", async () => {
    await abandonVisit(session, visit);
    await expect(addPhoto(session, ofVisit(), CLEAN)).rejects.toThrow(PlaceGoneError);
    expect(await standing()).toEqual([]);
  });
});

describe("a photo of a matter", () => {
  it("found on a visit stands beside the matter once the visit is a line", async () => {
    await addPhoto(session, ofMatter("m"), CLEAN);
    await addToVisit(session, visit, "matters", { id: "m", ...HAZARD });
    expect((await draftsOf(session))[0]?.matters).toEqual([{ id: "m", ...HAZARD }]);
    expect(await standing()).toEqual([["m", "draft"]]);
    await finishVisit(session, visit);
    await addPhoto(session, ofMatter("m"), CLEAN);
    expect(await standing()).toEqual([["m", "ready"], ["m", "ready"]]);
    await exchange();
    const said = station.lines.slice(1).map(({ mutation }) => mutation.body);
    expect(said).toMatchObject([{ matter_id: "m" }, { matter_id: "m" }]);
    expect(said[0]).not.toHaveProperty("record_id");
  });

  it("whose form was never saved is left to the visit: nothing that was taken is lost", async () => {
    await addPhoto(session, ofMatter("never"), CLEAN);
    await finishVisit(session, visit);
    await addPhoto(session, ofMatter("never"), CLEAN);
    expect(await standing()).toEqual([[visit, "ready"], [visit, "ready"]]);
    await exchange();
    expect(station.lines[1]?.mutation.body).toMatchObject({ record_id: visit });
  });

  it("never saved makes none too many: the visit does not end before the officer has chosen", async () => {
    for (let count = 0; count < MOST_OF_ONE - 1; count += 1) {
      await addPhoto(session, ofVisit(), CLEAN);
    }
    await addPhoto(session, ofMatter("never"), CLEAN);
    await addPhoto(session, ofMatter("m"), CLEAN);
    const matters = [{ id: "m", ...HAZARD }];
    expect(await tooManyBeside(session, visit, matters)).toEqual([]);
    const surplus = await tooManyBeside(session, visit, []);
    expect(surplus).toHaveLength(MOST_OF_ONE + 1);
    await expect(finishVisit(session, visit)).rejects.toThrow(TooManyPhotosError);
    expect(await draftsOf(session)).toHaveLength(1);
    await dropPhoto(session, surplus[0]?.id ?? "");
    await finishVisit(session, visit);
    expect(await standing()).toEqual(Array.from({ length: MOST_OF_ONE }, () => [visit, "ready"]));
  });

  it("saved after all leaves the visit its own", async () => {
    for (let count = 0; count < MOST_OF_ONE; count += 1) {
      await addPhoto(session, ofVisit(), CLEAN);
      await addPhoto(session, ofMatter("m"), CLEAN);
    }
    await addToVisit(session, visit, "matters", { id: "m", ...HAZARD });
    await finishVisit(session, visit);
    const owners = (await standing()).map(([owner]) => owner);
    expect([visit, "m"].map((one) => owners.filter((owner) => owner === one).length)).toEqual([9, 9]);
  });

  it("goes with the matter that is taken out of the visit, and with the visit", async () => {
    const kept = await addToVisit(session, visit, "matters", HAZARD);
    const dropped = await addToVisit(session, visit, "matters", HAZARD);
    await addPhoto(session, ofMatter(kept), CLEAN);
    await addPhoto(session, ofMatter(dropped), CLEAN);
    await dropFromVisit(session, visit, dropped);
    expect(await standing()).toEqual([[kept, "draft"]]);
    await abandonVisit(session, visit);
    expect(await standing()).toEqual([]);
  });

  it("reported by itself waits for its form, and follows it", async () => {
    await addPhoto(session, ofMatter("alone", "alone"), CLEAN);
    expect(await promisePhotos(session)).toBe(0);
    await record(session, "matter", { id: "alone", ...HAZARD }, (store) =>
      visitRecorded(store, "alone"),
    );
    await addPhoto(session, ofMatter("alone", "alone"), CLEAN);
    expect(await standing()).toEqual([["alone", "ready"], ["alone", "ready"]]);
  });
});

describe("what is known of photos that are gone", () => {
  it("is how many arrived beside each record", async () => {
    await addPhoto(session, ofVisit(), CLEAN);
    await addPhoto(session, ofMatter("m"), CLEAN);
    await addToVisit(session, visit, "matters", { id: "m", ...HAZARD });
    await finishVisit(session, visit);
    await exchange("lost");
    expect(await arrivedPhotos(session, visit)).toBe(0);
    await exchange();
    const many = ["m", visit, "another"].map((owner) => arrivedPhotos(session, owner));
    expect(await Promise.all(many)).toEqual([1, 1, 0]);
  });

  it("is no longer that they arrived where the server was put back to before that", async () => {
    await addPhoto(session, ofVisit(), CLEAN);
    await finishVisit(session, visit);
    await exchange();
    const known = async () => [await arrivedPhotos(session, visit), await lostPhotos(session, visit)];
    expect(await known()).toEqual([1, 0]);
    station.lines.length = 1;
    await sync(session, station.transport);
    await sync(session, station.transport);
    expect(station.lines).toHaveLength(2);
    expect(await known()).toEqual([0, 1]);
    expect(await lostPhotos(session, "another")).toBe(0);
  });

  it("does not take one for arrived that was refused and then removed", async () => {
    const id = await addPhoto(session, ofVisit(), CLEAN);
    await finishVisit(session, visit);
    await exchange("refused");
    await dropPhoto(session, id);
    expect([await standing(), await arrivedPhotos(session, visit)]).toEqual([[], 0]);
  });
});
