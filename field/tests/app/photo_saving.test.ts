import { expect, test } from "vitest";
import { phase } from "../../src/app/phase";
import { savePhotos } from "../../src/app/photo_saving";
import { useSavingPhotos } from "../../src/app/photo_state";

test("a photo that comes when the phone has locked itself is not lost in silence", async () => {
  expect(phase.value).not.toBe("open");
  const place = { beside: "record", owner: "v", visit: "v" } as const;
  const begun: string[] = [];
  const said = await savePhotos([new Blob(["jpeg"])], place, () => Promise.resolve(begun.push("v")));
  expect(said).toContain("手机锁住了");
  expect(begun).toEqual([]);
  expect(useSavingPhotos(() => "v").value).toBe(false);
});
