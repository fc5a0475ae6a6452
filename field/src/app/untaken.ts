// What can be done about a line that was not taken: mend it, or look at it no more.

import { useRouter } from "vue-router";
import { putAway, type Untaken } from "../core/fates";
import { takeUpAgain } from "../core/visits";
import { sure } from "./asking";
import { useSaving } from "./forms";
import { type AddressOf, faultsIn, refusalWords } from "./refusals";
import { textField, useRows } from "./rows";

export function useAddresses(): AddressOf {
  const households = useRows("household");
  return (id) => textField(households.value?.get(id), "address");
}

export function useUntaken() {
  const router = useRouter();
  const addressOf = useAddresses();
  const { busy, fault, save } = useSaving();

  /** True where it is no longer shown. */
  function away({ n }: Untaken): Promise<boolean> {
    return save((session) => putAway(session, n), "不再显示");
  }

  /** Open a refused visit once more; it says what is to be mended. */
  async function mend(line: Untaken): Promise<void> {
    const sureOfIt = await sure({
      message:
        "原来那一条不再显示，内容会重新打开，改好后再结束进村。改好的登记上以后，原来那一条就不会再被采纳。照片一起带过来。",
      confirmButtonText: "打开修改",
      cancelButtonText: "返回",
    });
    let visit = "";
    const done = sureOfIt && (await save(async (session) => {
      visit = await takeUpAgain(session, line.n, (now) => whyOf(now, addressOf));
    }, "已重新打开"));
    if (done) {
      await router.push({ name: "visit", params: { visit } });
    }
  }

  return { busy, fault, away, mend };
}

/** Everything that is to be mended, a line each. */
function whyOf(line: Untaken, addressOf: AddressOf): string[] {
  const faults = faultsIn(line.problem, line.mutation, addressOf);
  const told = faults.map(({ where, advice }) => (where ? `${where}：${advice}` : advice));
  return told.length > 0 ? told : [refusalWords(line)];
}
