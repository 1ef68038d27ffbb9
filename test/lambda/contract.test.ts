import { readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import * as contract from "../../lambda/contract.ts";

test("The version that Dintero sees is the one in package.json", async () => {
  const manifest: unknown = JSON.parse(
    await readFile(new URL("../../package.json", import.meta.url), "utf8"),
  );
  expect(manifest).toMatchObject({
    name: contract.PROJECT_NAME,
    version: contract.PROJECT_VERSION,
  });
});

test("The project has the name of its Pulumi project", () => {
  expect(contract.PROJECT_NAME).toBe("dintero-token-rotation");
});

describe("An account id", () => {
  test.each(["T12345678", "P12345678", "T00000000", "P99999999", "T123", "P123"])(
    "can be %s",
    (accountId) => {
      expect(accountId).toMatch(contract.ACCOUNT_ID_PATTERN);
    },
  );

  test.each([
    ["12345678", "no letter"],
    ["t12345678", "a small letter"],
    ["X12345678", "another letter"],
    ["TP12345678", "two letters"],
    ["T", "no digits"],
    ["T12", "2 digits"],
    ["T1234", "4 digits"],
    ["T1234567", "7 digits"],
    ["T123456789", "9 digits"],
    ["T12a", "a letter among 3 digits"],
    ["T1234567a", "a letter among 8 digits"],
    ["T١٢٣", "digits of another script"],
    [" T12345678", "a blank before"],
    ["T12345678 ", "a blank after"],
    ["T12345678\n", "a line end"],
    ["T123,P123", "two in one"],
    ["../T123", "a path"],
    ["", "nothing"],
  ])("cannot be %j: %s", (accountId) => {
    expect(accountId).not.toMatch(contract.ACCOUNT_ID_PATTERN);
  });
});

test("Accounts of test begin with T, and those of production with P", () => {
  expect(contract.ENVIRONMENTS).toEqual(["test", "production"]);
  expect(contract.ACCOUNT_PREFIX).toEqual({ test: "T", production: "P" });
});

test.each([
  ["token", contract.tokenParameterName, "/dintero/T12345678/access-token"],
  ["status", contract.statusParameterName, "/dintero/T12345678/access-token-status"],
  ["credentials", contract.credentialsSecretName, "dintero/T12345678/api-client"],
])("An account's %s has a name that readers rely on", (_, nameOf, name) => {
  expect(nameOf("T12345678")).toBe(name);
});

test("The error codes are those that people's tools look for", () => {
  expect(contract.ACCOUNT_ERROR_CODES).toEqual([
    "credentials-unusable",
    "credentials-rejected",
    "request-rejected",
    "rate-limited",
    "unavailable",
    "bad-reply",
    "token-not-renewed",
    "lifetime-too-short",
    "store-failed",
  ]);
});

test("The metrics have the names that alarms outside the stack rely on", () => {
  expect(contract.METRIC_NAMESPACE).toBe("DinteroTokenRotation");
  expect(contract.FUNCTION_DIMENSION).toBe("FunctionName");
  expect(contract.ACCOUNT_DIMENSION).toBe("DinteroAccount");
  expect(Object.values(contract.METRICS)).toEqual([
    "TokenLifeRemaining",
    "ChecksCompleted",
    "TokensRenewed",
    "RenewalsFailed",
    "CredentialsRejected",
  ]);
});
