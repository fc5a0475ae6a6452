// Binding this phone: what the two screens that do it share, so that a failure is told on either.

import { shallowRef, ref, watch } from "vue";
import { NewPassphraseError } from "../core/leaving";
import { SHORTEST_PASSPHRASE } from "../core/sealing";
import type { Invitation } from "../core/enrolling";
import { missing, type Missing } from "./checks";
import { invitationOf, onInvitation, takeInvitation } from "./invitation";
import { wordsFor } from "./problems";
import { bindAgain, bindDevice, useSession } from "./session";

const CODE_LIVES_MS = 10 * 60_000;

const invitation = shallowRef<Invitation | null>(takeInvitation());
const busy = ref(false);
const fault = ref("");
const lacking = ref<Missing[] | null>(null);
/** From whom to whom the phone goes by this code, once the server has said so; null where it does not. */
const hands = shallowRef<NewPassphraseError | null>(null);
onInvitation((fresh) => {
  invitation.value = fresh;
  fault.value = "";
});
// A code that nobody used is worth nothing later.
watch(invitation, (fresh) => fresh && setTimeout(() => drop(fresh), CODE_LIVES_MS), { immediate: true });
watch(invitation, () => {
  hands.value = null;
});

function drop(old: Invitation): void {
  invitation.value = invitation.value === old ? null : invitation.value;
}

/** Why two entries of a new passphrase cannot be taken; empty where they can. */
export function faultOf(passphrase: string, again: string): string {
  if ([...passphrase].length < SHORTEST_PASSPHRASE) {
    return `口令至少 ${SHORTEST_PASSPHRASE} 个字符。`;
  }
  return passphrase === again ? "" : "两次输入的口令不一样。";
}

async function check(): Promise<void> {
  lacking.value = await missing();
}

/** Take a link that was typed or pasted. */
function take(link: string): void {
  invitation.value = invitationOf(link);
  fault.value = invitation.value === null ? "这不是绑定链接，请整条复制网页上的链接。" : "";
}

/** Bind with the invitation; `passphrase` only where the phone has no device yet, or changes hands. */
async function bind(passphrase: string | null): Promise<boolean> {
  const { phase } = useSession();
  if (invitation.value === null) {
    return false;
  }
  busy.value = true;
  fault.value = "";
  try {
    if (phase.value === "open") {
      await bindAgain(invitation.value, passphrase);
    } else {
      await bindDevice(invitation.value, passphrase ?? "");
    }
    invitation.value = null;
    return true;
  } catch (error) {
    if (error instanceof NewPassphraseError) {
      hands.value = error;
    } else {
      fault.value = wordsFor(error);
    }
    return false;
  } finally {
    busy.value = false;
  }
}

export function useEnrolment() {
  return { invitation, busy, fault, hands, lacking, check, take, bind };
}
