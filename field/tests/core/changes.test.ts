// Changes of households and matters: sent with what they were changed from, laid over the rows.

import { describe, expect, it } from "vitest";
import {
  answerQuestion,
  changeHousehold,
  changeMatter,
  NotHereError,
  NothingChangedError,
} from "../../src/core/changes";
import { outboxOf } from "../../src/core/outbox";
import type { Session } from "../../src/core/session";
import { sync } from "../../src/core/syncing";
import { view } from "../../src/core/view";
import { enrolled } from "../devices";
import { household, matter, VILLAGE } from "../exchanges";
import { Station } from "../station";

async function withHousehold(): Promise<{ station: Station; session: Session }> {
  const station = await Station.open();
  const changes = [household("h", "村东一号")];
  station.scopes.set(VILLAGE, { epoch: "a", changes });
  const session = await enrolled(station);
  await sync(session, station.transport);
  return { station, session };
}

describe("a change of a household", () => {
  it("says what each field was changed from, and shows at once", async () => {
    const { station, session } = await withHousehold();
    await changeHousehold(session, "h", { address: "村东二号", visit_priority: 2 });
    await changeHousehold(session, "h", { address: "村东三号", hamlet: "g" });
    const shown = (await view(session, "household")).get("h");
    expect(shown?.pending).toBe(true);
    expect(shown?.fields).toMatchObject({ address: "村东三号", hamlet: "g", visit_priority: 2 });
    await sync(session, station.transport);
    const bodies = station.lines.map(({ mutation }) => mutation.body);
    expect(bodies.map((body) => body["fields"])).toEqual([
      {
        address: { from: "村东一号", to: "村东二号" },
        visit_priority: { from: null, to: 2 },
      },
      {
        address: { from: "村东二号", to: "村东三号" },
        hamlet_id: { from: null, to: "g" },
      },
    ]);
    expect(bodies[0]).toMatchObject({ household_id: "h" });
    expect(bodies[0]?.["base_version"]).not.toBe("");
  });

  it("is made against what was shown, not against what a pull has brought meanwhile", async () => {
    const { station, session } = await withHousehold();
    const shown = (await view(session, "household")).get("h");
    const changes = [household("h", "站里改的门牌", "2")];
    station.scopes.set(VILLAGE, { epoch: "b", changes });
    await sync(session, station.transport);
    expect((await view(session, "household")).get("h")?.fields["address"]).toBe("站里改的门牌");
    const edit = { address: "村东一号", visit_priority: 2 };
    await changeHousehold(session, "h", edit, shown);
    await sync(session, station.transport);
    const body = station.lines.at(-1)?.mutation.body;
    // The address was left as it was shown, so the station's word for it stands.
    expect(body?.["fields"]).toEqual({ visit_priority: { from: null, to: 2 } });
    expect(body?.["base_version"]).toBe(shown?.version);
  });

  it("of nothing, or of a household that is not here, is not recorded", async () => {
    const { session } = await withHousehold();
    await expect(changeHousehold(session, "h", { address: "村东一号" })).rejects.toThrow(
      NothingChangedError,
    );
    await expect(changeHousehold(session, "x", { address: "一" })).rejects.toThrow(NotHereError);
    expect(await outboxOf(session)).toEqual([]);
  });

  it("that clashed gives way to the station's value, and is not sent again", async () => {
    const { station, session } = await withHousehold();
    station.judge = () => ({ result: "conflict" });
    await changeHousehold(session, "h", { address: "村东二号" });
    await sync(session, station.transport);
    expect((await view(session, "household")).get("h")?.fields["address"]).toBe("村东一号");
    const sent = station.lines.length;
    await sync(session, station.transport);
    expect(station.lines).toHaveLength(sent);
    expect((await outboxOf(session)).map(({ state }) => state)).toEqual(["conflict"]);
  });
});

describe("an answer", () => {
  it("lies over the question until a pull brings it", async () => {
    const station = await Station.open();
    const question = { row: "question", id: "q", version: "1", village: VILLAGE, text: "…", answer: "" };
    station.scopes.set(VILLAGE, { epoch: "a", changes: [question] });
    const session = await enrolled(station);
    await sync(session, station.transport);
    await answerQuestion(session, "q", "两村相邻。");
    expect((await view(session, "question")).get("q")).toMatchObject({
      pending: true,
      fields: { answer: "两村相邻。" },
    });
    await sync(session, station.transport);
    expect(station.lines[0]?.mutation.body).toEqual({
      village_code: VILLAGE,
      question_id: "q",
      text: "两村相邻。",
    });
    await expect(answerQuestion(session, "x", "一")).rejects.toThrow(NotHereError);
  });
});

describe("a change of a matter", () => {
  it("is laid over one recorded here and not yet pulled", async () => {
    const { session } = await withHousehold();
    await matter(session, "m");
    await changeMatter(session, "m", { place: "桥头" });
    expect((await view(session, "matter")).get("m")?.fields["place"]).toBe("桥头");
  });
});
