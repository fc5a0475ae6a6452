import { expect, test } from "vitest";
import { beginVisit, underWayIn } from "../../src/app/visits";
import { draftsOf } from "../../src/core/visits";
import { VILLAGE } from "../month_rows";
import { refusedAndTakenUp } from "../refused";

test("a visit is begun beside one that is being mended, and then gone on with", async () => {
  const { session, draft } = await refusedAndTakenUp();
  expect(underWayIn([draft], VILLAGE)).toBeUndefined();
  const visit = await beginVisit(session, VILLAGE);
  expect(visit).not.toBe(draft.id);
  expect(await beginVisit(session, VILLAGE)).toBe(visit);
  const drafts = await draftsOf(session);
  expect(drafts).toHaveLength(2);
  expect(underWayIn(drafts, VILLAGE)?.id).toBe(visit);
  expect(underWayIn(drafts, "411526000099")).toBeUndefined();
});
