// What is kept of a form: what somebody has filled in, and not that it was looked at.

import { beforeEach, describe, expect, it, vi } from "vitest";
import { useKeptForm } from "../../src/app/forms";
import { opened, unlock } from "../../src/app/session";
import { formsKept, noteOf } from "../../src/core/notes";
import { PASSPHRASE } from "../devices";
import { deviceHere, screenOf, usePage } from "./page";

usePage();

const NAME = "information/v";
const remembered = () => Promise.resolve({ subkind: "road", published: ["board"] });

beforeEach(async () => {
  await deviceHere();
  await unlock(PASSPHRASE);
});

async function form() {
  const blank = { subkind: "", text: "", published: [] as string[] };
  const screen = screenOf(() => useKeptForm(NAME, blank, { remembered }));
  const { given } = screen;
  await vi.waitUntil(() => given.ready.value);
  return { values: given.values, keep: () => given.keep(), leave: screen.leave };
}

const left = (): Promise<number> => formsKept(opened().store);

describe("a form", () => {
  it("begins with what is remembered, and leaves nothing where it was merely opened", async () => {
    const { values, keep, leave } = await form();
    expect(values).toEqual({ subkind: "road", text: "", published: ["board"] });
    await keep();
    leave();
    expect(await left()).toBe(0);
  });

  it("is not written over where somebody was quicker than what is remembered", async () => {
    const blank = { subkind: "", text: "", published: [] as string[] };
    const { given } = screenOf(() => useKeptForm(NAME, blank, { remembered }));
    Object.assign(given.values, { subkind: "river", text: "灯" });
    await vi.waitUntil(() => given.ready.value);
    expect(given.values).toEqual({ subkind: "river", text: "灯", published: ["board"] });
  });

  it("is there again as it was left, whatever is remembered", async () => {
    const first = await form();
    first.values.text = "灯不亮";
    first.values.published.splice(0, 1, "radio");
    await first.keep();
    expect(await left()).toBe(1);
    first.leave();
    expect((await form()).values).toEqual({ subkind: "road", text: "灯不亮", published: ["radio"] });
  });

  it("is kept by itself soon after something was typed", async () => {
    const { values } = await form();
    values.text = "灯不亮";
    await vi.waitUntil(async () => (await noteOf(opened(), NAME)) !== undefined);
  });

  it("leaves nothing once it was emptied by hand", async () => {
    const { values, keep } = await form();
    values.text = "灯不亮";
    values.published.push("radio");
    await keep();
    values.text = "";
    values.published.pop();
    await keep();
    expect(await left()).toBe(0);
  });
});
