import { describe, expect, it } from "vitest";
import { aheadOf, doubtOf, DOUBTS, type Ending, endingFault, nightsOf } from "../../src/app/finishing";

function at(text: string): number {
  return Date.parse(`${text}+08:00`);
}

/** A visit that began on the 10th at nine and ended at eleven, looked at a week later. */
function ending(changes: Partial<Record<"arrived" | "left" | "now", string>> = {}, calls: string[] = []): Ending {
  const times = { arrived: "2026-09-10T09:00:00", left: "2026-09-10T11:00:00", now: "2026-09-17T09:00:00" };
  const { arrived, left, now } = { ...times, ...changes };
  return { arrived: at(arrived), left: at(left), now: at(now), calls: calls.map(at) };
}

describe("the end of a visit", () => {
  it.each([
    ["after the last call", ending({}, ["2026-09-10T09:30:00", "2026-09-10T10:59:00"])],
    ["in the minute of the last call", ending({}, ["2026-09-10T11:00:40"])],
    ["on the next day", ending({ left: "2026-09-11T08:00:00" }, ["2026-09-11T00:30:00"])],
    ["without a call", ending()],
  ])("may be %s", (_, said) => {
    expect(endingFault(said)).toBe("");
  });

  it.each([
    ["before the last call", ending({}, ["2026-09-10T11:01:00", "2026-09-10T09:30:00"]), /^最后一户是9月10日 11:01走访的.*另记一次进村/],
    ["after two nights", ending({ left: "2026-09-12T00:10:00" }), /最多过一夜，请核对到村时间和离村时间，改成实际的/],
    // Neither an earlier nor a later end helps here: the call goes.
    ["with a call two nights later", ending({}, ["2026-09-12T08:00:00"]), /^9月12日 08:00走访的那一户不在这次进村之内.*改到村时间.*删掉那一户/],
    ["before it began", ending({ left: "2026-09-10T09:00:00" }), /应晚于到村时间/],
    ["still to come", ending({ now: "2026-09-10T10:00:00" }), /离村时间还没有到/],
    ["not chosen", { ...ending(), left: Number.NaN }, /请选离村的日期和时间/],
    ["of a beginning not chosen", { ...ending(), arrived: Number.NaN }, /请选到村的日期和时间/],
    ["of a beginning still to come", ending({ now: "2026-09-10T08:00:00" }), /到村时间比手机现在的时间还晚/],
  ])("is told about %s, and what to do", (_, said, words) => {
    expect(endingFault(said)).toMatch(words);
  });

  it.each([
    ["the arrival is still to come", ending({ now: "2026-09-10T08:00:00" }), "wrong"],
    ["a call is still to come", ending({ now: "2026-09-10T10:00:00" }, ["2026-09-10T10:30:00"]), "wrong"],
    ["a call lies two nights later", ending({}, ["2026-09-12T08:00:00"]), "wrong"],
    ["a call lies a night later", ending({ now: "2026-09-11T09:00:00" }, ["2026-09-11T08:00:00"]), null],
    ["everything lies on one day", ending({ now: "2026-09-10T11:00:00" }, ["2026-09-10T10:30:00"]), null],
    ["a night has passed since", ending({ now: "2026-09-11T23:00:00" }), null],
    ["more than a night has passed since", ending({ now: "2026-09-12T00:01:00" }), "long"],
  ])("asks when the visit began where the clock may have been wrong: %s", (_, said, doubt) => {
    expect(doubtOf({ ...said, known: undefined })).toBe(doubt);
  });

  it.each([
    ["2026-09-10T09:05:00", null],
    ["2026-09-10T09:11:00", "behind"],
    ["2026-09-09T20:00:00", null],
  ])("asks when it began where the phone knew of %s already", (known, doubt) => {
    expect(doubtOf({ ...ending({ now: "2026-09-10T11:00:00" }), known: at(known) })).toBe(doubt);
  });

  it("a phone that began again in 2020 says that the arrival is to be given, not the end changed", () => {
    const said = ending({ arrived: "2020-01-01T08:00:00", left: "2026-09-10T11:00:00", now: "2026-09-10T11:00:00" });
    const doubt = doubtOf({ ...said, known: at("2026-09-09T20:00:00") });
    expect(DOUBTS[doubt ?? "long"]).toMatch(/请填实际的到村时间/);
    expect(endingFault({ ...said, arrived: at("2026-09-10T09:00:00") })).toBe("");
  });

  it("is held to the server's time, as the phone knows it, and says what to do", () => {
    const [now, ahead] = [at("2026-09-10T11:00:00"), 7 * 60_000];
    const told = aheadOf({ left: now, now, ahead });
    expect(told?.words).toMatch(/^手机时间比实际快约7分钟.*可能会.*手机设置里校准时间，再回来保存/);
    expect(told?.barred).toBe(true);
    expect(aheadOf({ left: now - ahead, now, ahead })).toBeNull();
    expect(aheadOf({ left: now, now, ahead: 0 })).toBeNull();
  });

  it.each([
    [2 * 60_000, undefined],
    [2 * 60_000 + 1, false],
    [4 * 60_000, false],
    [4 * 60_000 + 1, true],
  ])("%d ms ahead of the server's time is warned of, and saved up to a minute below its limit", (ahead, barred) => {
    const now = at("2026-09-10T11:00:00");
    expect(aheadOf({ left: now, now, ahead })?.barred).toBe(barred);
    // What counts is the end that is said, not the clock.
    expect(aheadOf({ left: now - 60_000, now, ahead: ahead + 60_000 })?.barred).toBe(barred);
  });

  it("counts nights by the day of Shanghai", () => {
    expect(nightsOf(at("2026-09-10T23:59:00"), at("2026-09-11T00:01:00"))).toBe(1);
    expect(nightsOf(at("2026-09-10T00:01:00"), at("2026-09-10T23:59:00"))).toBe(0);
  });
});
