// What went wrong, in words for the officer.

import { LineTooLongError } from "../core/recording";
import { isFull } from "../core/store";
import { PassphraseTooShortError, SHORTEST_PASSPHRASE, WrongPassphraseError } from "../core/sealing";
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
  if (error instanceof LineTooLongError) {
    return "内容太长，没有保存。请分成几条记录。";
  }
  if (error instanceof DOMException && error.name === "NotAllowedError") {
    return "手机锁没有打开：没有认出您，或者取消了。请再试一次，或用口令。";
  }
  if (isFull(error)) {
    return "手机存储已满，没有存下。请删掉手机里不用的照片、视频或应用，腾出空间后再试；以前保存的记录都在。";
  }
  return `没有完成：${error instanceof Error ? error.message : String(error)}`;
}
