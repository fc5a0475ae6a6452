// A correction: what the phone says of it at once, and what of it is there again.

import { beforeEach, describe, expect, it, vi } from "vitest";
import { QUESTIONS } from "../../src/app/choices";
import { useCorrectionForm } from "../../src/app/correction_form";
import { type CorrectionForm, correct, faultsOf, formOf } from "../../src/app/corrections";
import { bindAgain, opened, syncNow, unlock } from "../../src/app/session";
import { putAway } from "../../src/core/fates";
import { formsKept, keepNote, noteOf } from "../../src/core/notes";
import { fingerprint } from "../../src/core/signing";
import { NO_WRITE } from "../../src/core/store";
import { type Shown, view } from "../../src/core/view";
import { PASSPHRASE } from "../devices";
import { VILLAGE } from "../exchanges";
import { type ScopeChange, Station } from "../station";
import { deviceHere, screenOf, served, usePage } from "./page";

const DETAILS = { left_at: "2026-11-05T11:00:00+08:00", log: "巡村", overnight_reason: "" };
const ROW = { row: "record", id: "r", version: "1", village: VILLAGE, kind: "village_visit", state: "valid", day: "2026-11-05" };
const VISIT = { ...ROW, occurred_at: "2026-11-05T09:00:00+08:00", details: DETAILS } as ScopeChange;
const SHOWN: Pick<Shown, "fields"> = { fields: VISIT };
const NOTE = "correct/r";
const ASKED = QUESTIONS[0]?.name ?? "";
const NOW = Date.parse("2026-11-22T09:00:00+08:00");

describe("a corrected visit", () => {
  function faults(changes: Partial<CorrectionForm>, reason = ""): Record<string, string> {
    const form = { ...formOf(SHOWN), reason: "日期填错", ...changes };
    form.texts["overnight_reason"] = reason;
    return faultsOf("village_visit", form, NOW);
  }

  it("over a night says why at once, as the station asks for it", () => {
    const night = { leftDay: "2026-11-06", leftTime: "08:00" };
    expect(faults({})).toEqual({});
    expect(faults(night)).toEqual({ overnight_reason: "离村在第二天，请写明过夜的原因。" });
    expect(faults(night, "大雪封路")).toEqual({});
  });

  it("over more than a night is not saved", () => {
    const nights = { leftDay: "2026-11-07", leftTime: "00:10" };
    expect(faults(nights, "大雪封路")).toEqual({ left: expect.stringMatching(/最多过一夜/) });
    // A day moved without the other.
    expect(faults({ day: "2026-11-02" })["left"]).toMatch(/最多过一夜/);
  });

  it("of which a time is missing is told that alone", () => {
    expect(faults({ leftTime: "" })).toEqual({ left: "请选离村的日期和时间。" });
    expect(faults({ time: "" })).toEqual({ time: "请选日期和时间。" });
  });
});

describe("the form of a correction", () => {
  usePage();

  let station: Station;

  beforeEach(async () => {
    station = await Station.open();
    station.scopes.set(VILLAGE, { epoch: "e", changes: [VISIT] });
    await deviceHere();
    await unlock(PASSPHRASE);
    served(station.transport);
    await bindAgain({ code: station.invite(), fingerprint: await fingerprint(station.key) });
    await syncNow();
  });

  async function row(): Promise<Shown> {
    return (await view(opened(), "record")).get("r") ?? expect.fail();
  }

  async function form() {
    const shown = await row();
    const screen = screenOf(() => useCorrectionForm(shown));
    await vi.waitUntil(() => screen.given.ready.value);
    return screen;
  }

  async function refused(): Promise<CorrectionForm> {
    station.judge = () => ({ result: "rejected" });
    const shown = await row();
    const said = { ...formOf(shown), day: "2026-11-06", leftDay: "2026-11-06", reason: "日期填错" };
    said.texts = { ...said.texts, log: "巡村，看了水库" };
    await correct(opened(), shown, said, NO_WRITE);
    await syncNow();
    return said;
  }

  it("keeps what the officer said, and nothing that was pulled", async () => {
    const first = await form();
    first.given.values.leftTime = "11:30";
    first.given.values.texts["overnight_reason"] = "大雪封路";
    first.given.values.answers[ASKED]?.chips.push("gas");
    first.given.values.reason = "时间填错";
    await first.given.keep();
    first.leave();
    expect(await noteOf(opened(), NOTE)).toEqual({
      leftTime: "11:30",
      texts: { overnight_reason: "大雪封路" },
      answers: { [ASKED]: { chips: ["gas"] } },
      reason: "时间填错",
    });
    const { given } = await form();
    expect(given.values).toEqual(first.given.values);
    given.values.leftTime = "11:00";
    given.values.texts["overnight_reason"] = "";
    given.values.answers[ASKED]?.chips.pop();
    given.values.reason = "";
    await given.keep();
    expect(await formsKept(opened().store)).toBe(0);
  });

  it("is over the row as it stands now", async () => {
    const first = await form();
    first.given.values.reason = "时间填错";
    await first.given.keep();
    first.leave();
    const details = { ...DETAILS, log: "巡村，开会" };
    station.scopes.get(VILLAGE)?.changes.push({ ...VISIT, version: "2", details } as ScopeChange);
    await syncNow();
    const { given } = await form();
    expect(given.values.texts["log"]).toBe("巡村，开会");
    expect(given.values.reason).toBe("时间填错");
  });

  it("that an earlier version kept whole is there again", async () => {
    const whole = { ...formOf(await row()), leftTime: "11:30", reason: "时间填错" };
    await keepNote(opened(), NOTE, whole);
    const { given } = await form();
    expect(given.values).toEqual(whole);
    await given.keep();
    expect(await noteOf(opened(), NOTE)).toEqual({ leftTime: "11:30", reason: "时间填错" });
  });

  it("gone on with stands as it was left over what was said before and not taken", async () => {
    await refused();
    const first = await form();
    first.given.values.day = "2026-11-05";
    first.given.values.reason = "内容有误";
    await first.given.keep();
    first.leave();
    const { given } = await form();
    expect(given.again.value).toBe(true);
    expect(given.values).toEqual(first.given.values);
  });

  it("begins with what was said before and not taken, as long as that is shown", async () => {
    expect((await form()).given.again.value).toBe(false);
    const { day, leftDay, texts, reason } = await refused();
    const { given, leave } = await form();
    expect(given.again.value).toBe(true);
    expect(given.values).toMatchObject({ day, leftDay, texts, reason });
    await given.keep();
    leave();
    expect(await formsKept(opened().store)).toBe(0);
    await putAway(opened(), 1);
    expect((await form()).given.values).toMatchObject({ day: "2026-11-05", reason: "" });
  });
});
