import { expect, test } from "vitest";
import { wordsOf } from "../../src/core/edits";
import { editedFrom, takenUp, unedited } from "../../src/app/row_form";
import type { Body } from "../../src/core/protocol";
import type { Shown } from "../../src/core/view";

function home(version: string, fields: Body): Shown {
  return { type: "household", id: "h", version, fields: { village: "v", ...fields }, pending: false };
}

const blank = { address: "", hamlet: "", visit_priority: "0" };
const FIRST = home("1", { address: "村东一号", hamlet: null, visit_priority: 1 });

test("a form begins with the row as it stands", () => {
  const edit = takenUp(unedited(blank), FIRST);
  expect(edit.said).toEqual({ address: "村东一号", hamlet: "", visit_priority: "1" });
  expect(editedFrom(edit, FIRST)).toEqual(FIRST);
});

test("what was typed is there again; what was not touched follows the station", () => {
  const { said, ...edit } = takenUp(unedited(blank), FIRST);
  const typed = { ...edit, said: { ...said, address: "村东二号" } };
  const now = home("2", { address: "站里改的门牌", hamlet: "east", visit_priority: 3 });
  const again = takenUp(typed, now);
  expect(again.said).toEqual({ address: "村东二号", hamlet: "east", visit_priority: "3" });
  // Both changed the address: it is sent with what the officer had seen, for the station to decide.
  expect(editedFrom(again, now)).toEqual(
    home("1", { address: "村东一号", hamlet: "east", visit_priority: 3 }),
  );
});

test("words left of a row that was gone are an edit of it as it is, should it be back", () => {
  const left = wordsOf({ ...takenUp(unedited(blank), FIRST), said: { ...blank, address: "村东二号", visit_priority: "1" } });
  const now = home("5", { address: "站里改的门牌", hamlet: "east", visit_priority: 3 });
  const again = takenUp(left, now);
  expect(again.said).toEqual({ address: "村东二号", hamlet: "east", visit_priority: "3" });
  expect(editedFrom(again, now)).toEqual(now);
});

test("a form in which nothing was typed is a new one", () => {
  const now = home("2", { address: "站里改的门牌", hamlet: null, visit_priority: 1 });
  expect(takenUp(takenUp(unedited(blank), FIRST), now)).toEqual(takenUp(unedited(blank), now));
});
