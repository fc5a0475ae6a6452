import { expect, test, vi } from "vitest";
import { invitationOf, linkOf, onInvitation, takeInvitation } from "../../src/app/invitation";

const FINGERPRINT = "0123456789abcdef".repeat(4);
const CODE = "aB3_-".repeat(8);

test("the link of the QR code says code and fingerprint", () => {
  const link = ` https://cun.example/field/#enrol=${CODE}.${FINGERPRINT}\n`;
  expect(invitationOf(link)).toEqual({ code: CODE, fingerprint: FINGERPRINT });
  expect(invitationOf(`#enrol=${CODE}.${FINGERPRINT}`)).not.toBeNull();
});

test.each([
  "",
  "https://cun.example/field/",
  `#enrol=${CODE}`,
  `#enrol=.${FINGERPRINT}`,
  `#enrol=${CODE}.${FINGERPRINT.slice(1)}`,
  `#enrol=${CODE}.${FINGERPRINT.toUpperCase()}`,
  `#enrol=${CODE}.${FINGERPRINT}&more`,
])("%s is no invitation", (link) => {
  expect(invitationOf(link)).toBeNull();
});

test("a link opened where the app runs already is told, another change of the address is not", () => {
  const page = new EventTarget();
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  const taken: unknown[] = [];
  onInvitation((invitation) => taken.push(invitation));
  for (const newURL of ["https://cun.example/field/#/month", `https://cun.example/field/#enrol=${CODE}.${FINGERPRINT}`]) {
    page.dispatchEvent(Object.assign(new Event("hashchange"), { newURL }));
  }
  vi.unstubAllGlobals();
  expect(taken).toEqual([{ code: CODE, fingerprint: FINGERPRINT }]);
});

test("the link taken out of the address is whole again when it is to be copied", () => {
  const link = `https://cun.example/field/#enrol=${CODE}.${FINGERPRINT}`;
  const { origin, pathname, hash } = new URL(link);
  const left: unknown[] = [];
  vi.stubGlobal("location", { origin, pathname, hash });
  vi.stubGlobal("history", { replaceState: (_: unknown, __: string, to: string) => left.push(to) });
  const invitation = takeInvitation();
  expect(invitation && linkOf(invitation)).toBe(link);
  vi.unstubAllGlobals();
  expect(left).toEqual(["/field/"]);
});
