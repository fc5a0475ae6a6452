// The link behind the QR code: …/field/#enrol=<code>.<fingerprint>

import type { Invitation } from "../core/enrolling";

const LINK = /#enrol=([A-Za-z0-9_-]{8,100})\.([0-9a-f]{64})$/;

/** What a link invites to; null where it is none. A link may be pasted: spaces around it do not count. */
export function invitationOf(link: string): Invitation | null {
  const found = LINK.exec(link.trim());
  const [, code, fingerprint] = found ?? [];
  return code === undefined || fingerprint === undefined ? null : { code, fingerprint };
}

/** The whole link of an invitation, for another browser, or the app on the home screen, which know
 * nothing of what was opened here. */
export function linkOf({ code, fingerprint }: Invitation): string {
  return `${location.origin}${location.pathname}#enrol=${code}.${fingerprint}`;
}

/** The invitation this page was opened by; taken out of the address, so that it stays in no history. */
export function takeInvitation(): Invitation | null {
  const invitation = invitationOf(location.hash);
  if (invitation !== null) {
    history.replaceState(null, "", location.pathname);
  }
  return invitation;
}

/** Be told of a link that is opened where the app runs already: only the part behind the # changes then,
 * and the page is not loaded anew. The router, which knows no such screen, takes it out of the address. */
export function onInvitation(take: (invitation: Invitation) => unknown): void {
  addEventListener("hashchange", ({ newURL }) => {
    const invitation = invitationOf(newURL);
    if (invitation !== null) {
      take(invitation);
    }
  });
}
