import { expect, test } from "@jest/globals";
import { tokenFingerprint } from "../../lambda/token-fingerprint.ts";

test("A fingerprint is the first 12 hex digits of the token's SHA-256", () => {
  // The first test vector of FIPS 180-2, appendix B.1: ba7816bf 8f01cfea 4141...
  expect(tokenFingerprint("abc")).toBe("ba7816bf8f01");
});

test("Characters outside ASCII are hashed as UTF-8", () => {
  expect(tokenFingerprint("é")).toBe("4a99557e4033");
});
