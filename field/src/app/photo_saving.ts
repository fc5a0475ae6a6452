// Saving photos. Drawing one anew takes a slow phone seconds: it goes on when the screen that took it is
// left, and what goes wrong is told on whatever screen stands there then.

import { addPhoto, MOST_OF_ONE, TooManyPhotosError } from "../core/photos/photos";
import type { PhotoPlace } from "../core/photos/places";
import { NotEnrolledError, OtherDeviceError, OverrunError } from "../core/session";
import { phase } from "./phase";
import { reduced } from "./photo_picking";
import { countSaving } from "./photo_state";
import { wordsFor } from "./problems";
import { opened, refresh, syncSoon } from "./session";

const LOCKED = "手机锁住了，刚才的照片没有保存。请重新拍，或者从相册选。";

/** Save pictures of the camera or the album, `before` them whatever must be there first. Answers what
 * went wrong, in words; empty where all are saved. */
export async function savePhotos(
  files: readonly Blob[],
  place: PhotoPlace,
  before: () => Promise<unknown>,
): Promise<string> {
  // The camera may have been open for longer than the phone stays unlocked.
  if (phase.value !== "open") {
    return LOCKED;
  }
  const session = opened();
  countSaving(place.visit, 1);
  let saved = 0;
  try {
    await before();
    for (const file of files) {
      await addPhoto(session, place, await reduced(file));
      saved += 1;
      await refresh();
      syncSoon();
    }
    return "";
  } catch (error) {
    const others = files.length - saved - 1;
    return `${wordsOf(error, place)}${others > 0 ? `后面的 ${others} 张也没有保存。` : ""}`;
  } finally {
    countSaving(place.visit, -1);
  }
}

/** What is said of a form would be untrue of a photo: what was not saved of it is not kept. */
const OF_A_PHOTO = [
  [OtherDeviceError, "这台手机刚刚重新绑定过，照片没有保存。请锁住再打开，然后重新拍，或者从相册选。"],
  [NotEnrolledError, "这台手机已被停用，或者还没有绑定好，照片没有保存。请用新的绑定码绑定，再重新拍，或者从相册选。"],
  [OverrunError, "手机正忙，照片没有保存。请关掉这个应用的其他窗口，再重新拍，或者从相册选。"],
] as const;

export function wordsOf(error: unknown, { beside }: Pick<PhotoPlace, "beside">): string {
  if (error instanceof TooManyPhotosError) {
    return `${beside === "record" ? "一次进村" : "一件事"}最多 ${MOST_OF_ONE} 张照片。`;
  }
  return OF_A_PHOTO.find(([kind]) => error instanceof kind)?.[1] ?? wordsFor(error);
}
