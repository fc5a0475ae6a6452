// What went wrong, in words for the officer.

import { type Left, NewPassphraseError, OtherPersonError } from "../core/leaving";
import { LineTooLongError } from "../core/recording";
import { isFull } from "../core/store";
import { PassphraseTooShortError, SHORTEST_PASSPHRASE, WrongPassphraseError } from "../core/sealing";
import { OtherDeviceError } from "../core/session";
import { NoDraftError, NotRefusedError } from "../core/visits";
import { LostError, PhotoLostError, RefusedError, StrangeAnswerError } from "../core/transport";

export function wordsFor(error: unknown): string {
  if (error instanceof WrongPassphraseError) {
    return "口令不对，请再试一次。";
  }
  if (error instanceof PassphraseTooShortError) {
    return `口令至少 ${SHORTEST_PASSPHRASE} 个字符。`;
  }
  if (error instanceof RefusedError) {
    return error.problem.detail || error.problem.title;
  }
  if (error instanceof PhotoLostError) {
    return "照片没有传完，会自动接着传。";
  }
  if (error instanceof LostError) {
    return "没有连上服务器，请到有信号的地方再试。";
  }
  if (error instanceof StrangeAnswerError) {
    return "答复不是来自绑定的服务器，没有采用。请换一个网络；仍不行请联系县局。";
  }
  if (error instanceof OtherPersonError) {
    return wordsForOther(error);
  }
  if (error instanceof OtherDeviceError) {
    return "这台手机刚刚重新绑定过，请锁住再打开后保存；写下的内容还在。";
  }
  if (error instanceof NoDraftError) {
    return "这次进村已经结束或者取消，没有存进去。请另记一次进村。";
  }
  if (error instanceof NotRefusedError) {
    return "这一条不能再打开修改：可能派出所已经采纳或者另行登记，也可能村里的资料锁住了，看不到派出所的处理。请同步后到“我的记录”里核对。";
  }
  if (error instanceof LineTooLongError) {
    return "内容太长，没有保存。请分成几条记录。";
  }
  if (error instanceof DOMException && error.name === "NotAllowedError") {
    return "手机锁没有打开：没有认出您，或者取消了。请再试一次，或用口令。";
  }
  if (error instanceof NewPassphraseError) {
    return "这台手机换了人用，请先设一个自己的新口令。";
  }
  if (isFull(error)) {
    return "手机存储已满，没有存下。请删掉手机里不用的照片、视频或应用，腾出空间后再试；以前保存的记录都在。";
  }
  return `没有完成：${error instanceof Error ? error.message : String(error)}`;
}

function wordsForOther({ worker: { name }, other, left }: OtherPersonError): string {
  return [
    `这台手机上还有${name}的${wordsForLeft(left)}，没有绑定给${other.name}，资料都没有动。`,
    `请${name}先把记录传完、没写完的写完或删去（“设置”里都列着）；传不上去的，用${name}自己的绑定码重新绑定再传。`,
    `不要了的，锁住后点“忘记口令”清除。然后${other.name}重新取得绑定码来绑定。`,
  ].join("");
}

/** How much of each there is, what there is none of left out. */
export function wordsForLeft({ lines, visits, photos, forms }: Left): string {
  const counts: readonly [number, string][] = [
    [lines, "条没有传完的记录"],
    [visits, "次没有结束的进村"],
    [photos, "张照片"],
    [forms, "份没有写完的表"],
  ];
  return counts.flatMap(([count, what]) => (count > 0 ? [`${count}${what}`] : [])).join("、");
}
