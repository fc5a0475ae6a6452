import { expect, test } from "vitest";
import { beginVisit, priceOf, underWayIn } from "../../src/app/visits";
import { addPhoto, photosOf } from "../../src/core/photos/photos";
import { draftsOf } from "../../src/core/visits";
import { CLEAN } from "../core/photos/pictures";
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

test("who gives a visit up is told what goes, and that the photos of the refused one do not", async () => {
  const { session, draft } = await refusedAndTakenUp();
  const [taken, back] = [{ goesBack: false }, { goesBack: true }];
  expect(priceOf(0, [])).toBe("没有写过内容。");
  expect(priceOf(2, [taken])).toBe("已写的 2 条、照片 1 张也会删掉。");
  expect(priceOf(2, [taken, back, back])).toBe(
    "已写的 2 条、照片 1 张也会删掉。原来那一条的照片 2 张不删，还跟着原来那一条。",
  );
  await addPhoto(session, { beside: "record", owner: draft.id, visit: draft.id }, CLEAN);
  expect(await photosOf(session)).toMatchObject([taken]);
});
