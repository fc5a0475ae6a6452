// What the server refuses in a text is told while it is being written, not a day later.

import said from "./choices.json";

const PERSONAL = new RegExp(said.personal_number);
const DASHES = /[\u2010-\u2015]/g;

/** Why a text cannot be kept; empty where it can. */
export function faultIn(text: string): string {
  const plain = text.normalize("NFKC").replace(DASHES, "-");
  return PERSONAL.test(plain) ? said.personal_number_advice : "";
}

/** Why a text that may be this long cannot be kept. For one put together of several: a field with a limit of
 * its own would cut it without a word. */
export function faultInLong(text: string, most: number): string {
  const over = text.length - most;
  return over > 0 ? `最多写${most}字，请删去${over}字。` : faultIn(text);
}

/** Why a text that must be there cannot be kept. */
export function faultInRequired(text: string, what: string): string {
  return text.trim() === "" ? `请填写${what}。` : faultIn(text);
}
