import { expect, test } from "vitest";
import { invitationOf } from "../../src/app/invitation";

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
