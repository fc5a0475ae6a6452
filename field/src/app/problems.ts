// What went wrong, in words for the officer.

import { NotHereError, NothingChangedError } from "../core/changes";
import { NoDeviceError } from "../core/device";
import { type LeftOfOther, NewPassphraseError, OtherPersonError } from "../core/leaving";
import type { Left } from "../core/left";
import { NotCleanError } from "../core/photos/jpeg";
import { MOST_OF_ONE, TooManyPhotosError } from "../core/photos/photos";
import { PlaceGoneError } from "../core/photos/places";
import { DigestError } from "../core/pulling";
import { LinesMissingError } from "../core/pushing";
import { LineTooLongError } from "../core/recording";
import { isFull } from "../core/store";
import { PassphraseTooShortError, SHORTEST_PASSPHRASE, WrongPassphraseError } from "../core/sealing";
import { NotEnrolledError, OtherDeviceError, OverrunError } from "../core/session";
import { NoDraftError, NotRefusedError, VisitOverError } from "../core/visits";
import { LostError, PhotoLostError, RefusedError, StrangeAnswerError } from "../core/transport";

type Kind = abstract new (...said: never[]) => Error;

/** The words for each error of the core, one that is a kind of another before it. */
const WORDS: readonly (readonly [Kind, string])[] = [
  [WrongPassphraseError, "口令不对，请再试一次。"],
  [PassphraseTooShortError, `口令至少 ${SHORTEST_PASSPHRASE} 个字符。`],
  [NewPassphraseError, "这台手机换了人用，请先设一个自己的新口令。"],
  [PhotoLostError, "照片没有传完，会自动接着传。"],
  [LostError, "没有连上服务器，请到有信号的地方再试。"],
  [StrangeAnswerError, "答复不是来自绑定的服务器，没有采用。请换一个网络；仍不行请联系县局。"],
  [LinesMissingError, "本机记录与服务器对不上，已停止上传。请用新的绑定码重新绑定；没有上传的记录会保留并补传。"],
  [DigestError, "有一个村的资料没有收全，没有采用，会自动再试。总是这样请联系县局。"],
  [NoDeviceError, "这台手机上的资料已经清除。请用新的绑定码绑定。"],
  [NotEnrolledError, "这台手机已被停用，或者还没有绑定好，没有存进去；写下的内容还在。请用新的绑定码绑定后再保存。"],
  [OtherDeviceError, "这台手机刚刚重新绑定过，请锁住再打开后保存；写下的内容还在。"],
  [OverrunError, "手机正忙，没有存进去；写下的内容还在。请关掉这个应用的其他窗口，再试一次。"],
  [VisitOverError, "这次进村已经在别的窗口结束或者取消，这里没有再改动。请到“我的记录”里核对。"],
  [NoDraftError, "这次进村已经结束或者取消，没有存进去。请另记一次进村。"],
  [NotRefusedError, "这一条不能再打开修改：可能派出所已经采纳或者另行登记，也可能村里的资料锁住了，看不到派出所的处理。请同步后到“我的记录”里核对。"],
  [NotHereError, "没有存进去：这一件已经办结、停用，或者不再归您管；也可能村里的资料锁住了。请同步后核对，还要补充的请联系派出所。"],
  [NothingChangedError, "没有改动，不用保存。"],
  [LineTooLongError, "内容太长，没有保存。请分成几条记录。"],
  [TooManyPhotosError, `一次进村、一件事都最多 ${MOST_OF_ONE} 张照片。请删去多的，再试一次。`],
  [PlaceGoneError, "这次进村已经取消，照片没有保存。"],
  [NotCleanError, "这张照片没有保存：打不开，或者无法确认拍摄信息已经去掉。请换一张。"],
];

export function wordsFor(error: unknown): string {
  if (error instanceof RefusedError) {
    return error.problem.detail || error.problem.title;
  }
  if (error instanceof OtherPersonError) {
    return wordsForOther(error);
  }
  const words = WORDS.find(([kind]) => error instanceof kind)?.[1];
  if (words !== undefined) {
    return words;
  }
  if (error instanceof DOMException && error.name === "NotAllowedError") {
    return "手机锁没有打开：没有认出您，或者取消了。请再试一次，或用口令。";
  }
  if (isFull(error)) {
    return "手机存储已满，没有存下。请删掉手机里不用的照片、视频或应用，腾出空间后再试；以前保存的记录都在。";
  }
  return wordsForUnknown(error instanceof Error ? error.message : String(error));
}

/** What the app itself says is for the officer; anything else for whoever is asked about it. */
function wordsForUnknown(message: string): string {
  return /\p{Script=Han}/u.test(message)
    ? `没有完成：${message}`
    : `没有完成，请再试一次；仍不行请联系县局，并说明：${message}`;
}

function wordsForOther({ worker: { name }, other, left }: OtherPersonError): string {
  return [
    `这台手机上还有${name}的${wordsForLeft(left)}，没有绑定给${other.name}，资料都没有动。`,
    `请${name}先把记录传完，没写完的写完或删去：没有上传的和没写完的表在“设置”里，没有结束的进村在“今日”里。`,
    `传不上去的，用${name}自己的绑定码重新绑定再传。`,
    left.untaken > 0 ? "没有采纳的在“我的记录”里，看过后点“知道了，不再显示”；派出所还没有处理的，等处理以后。" : "",
    `不要了的，锁住后点“忘记口令”清除。然后${other.name}重新取得绑定码来绑定。`,
  ]
    .filter(Boolean)
    .join("\n");
}

/** How much of each there is, what there is none of left out. */
export function wordsForLeft({ lines, untaken = 0, visits, photos, forms }: Left & Partial<LeftOfOther>): string {
  const counts: readonly [number, string][] = [
    [lines, "条没有传完的记录"],
    [untaken, "条没有采纳或者还没有处理的记录"],
    [visits, "次没有结束的进村"],
    [photos, "张照片"],
    [forms, "份没有写完的表"],
  ];
  return counts.flatMap(([count, what]) => (count > 0 ? [`${count}${what}`] : [])).join("、");
}
