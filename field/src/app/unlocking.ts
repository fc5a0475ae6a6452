// Opening the device from the way in, and giving up what nobody can open any more.

import { eraseDevice, otherOpener } from "../core/device";
import { isAnythingLeft, leftHere } from "../core/left";
import { sure } from "./asking";
import { surroundings } from "./device";
import { secretOf } from "./passkey";
import { remember } from "./phase";
import { wordsFor, wordsForLeft } from "./problems";
import { sayErased, unlock, unlockWith } from "./session";
import { forgetLeave } from "./settings";

export type Hint = Readonly<Record<string, string>>;

/** How the phone's own lock is asked; null where only the passphrase opens the device. */
export function hintHere(): Promise<Hint | null> {
  return otherOpener(surroundings());
}

/** Do it; what went wrong in words, empty where nothing did. */
export async function attempt(work: () => Promise<void>): Promise<string> {
  try {
    await work();
    return "";
  } catch (error) {
    return wordsFor(error);
  }
}

export { unlock };

export async function unlockByPhone(hint: Hint): Promise<void> {
  await unlockWith(await secretOf(hint));
}

/** Nobody can find a passphrase again: the way on is a new binding, at the price that is said. */
export async function startAnew(): Promise<void> {
  const left = await leftHere(surroundings());
  const price = isAnythingLeft(left)
    ? `这台手机上还有${wordsForLeft(left)}，清除后就没有了。`
    : "这台手机上的记录都已上传，清除后不会少。";
  const doubted =
    left.again > 0 ? `另有${left.again}条以前传过，重新绑定后还没有核对；派出所的系统恢复过备份的，清除后可能会少。` : "";
  const yes = await sure({
    title: "忘记口令",
    message: `口令谁也找不回来，只能清除这台手机上的资料，再重新绑定。${price}${doubted}`,
    confirmButtonText: "清除资料",
    cancelButtonText: "再想想",
  });
  if (yes) {
    forgetLeave();
    await eraseDevice(surroundings());
    remember(false);
    sayErased();
    location.reload();
  }
}
