import { expect, test } from "@jest/globals";
import { checkAuthorization } from "../../../../proof/local/aws/check-authorization.ts";

const caller = (arn: string, accessKeyId: string, sessionToken?: string) => ({
  arn,
  credentials: { accessKeyId, secretAccessKey: "", ...(sessionToken && { sessionToken }) },
});
const CALLERS = [caller("user", "AKIA1"), caller("role", "ASIA1", "session")];
const SCOPE = { callers: CALLERS, region: "eu-north-1", service: "ssm" };
const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

const signedFor = (credential: string) =>
  `AWS4-HMAC-SHA256 Credential=${credential}/aws4_request, SignedHeaders=host, Signature=0`;

function check(headers: Record<string, string>, nowMs = NOW_MS) {
  const good = {
    authorization: signedFor("AKIA1/20260102/eu-north-1/ssm"),
    "x-amz-date": "20260102T030405Z",
  };
  return () => checkAuthorization({ ...good, ...headers }, SCOPE, nowMs);
}

test.each([-300_000, 0, 300_000])("A request signed %i ms off is accepted", (offMs) => {
  expect(check({}, NOW_MS + offMs)).not.toThrow();
});

test("The caller is the role that the key and the session token belong to", () => {
  expect(check({})()).toMatchObject({ arn: "user" });
  const ofRole = { authorization: signedFor("ASIA1/20260102/eu-north-1/ssm") };
  expect(check({ ...ofRole, "x-amz-security-token": "session" })()).toMatchObject({ arn: "role" });
});

test.each([
  ["no authorization", { authorization: "" }, "MissingAuthenticationTokenException"],
  ["no date", { "x-amz-date": "" }, "IncompleteSignatureException"],
  [
    "another key",
    { authorization: signedFor("AKIA2/20260102/eu-north-1/ssm") },
    "UnrecognizedClientException",
  ],
  [
    "a session that the key does not have",
    { "x-amz-security-token": "old" },
    "UnrecognizedClientException",
  ],
  [
    "no session though the key has one",
    { authorization: signedFor("ASIA1/20260102/eu-north-1/ssm") },
    "UnrecognizedClientException",
  ],
  [
    "another Region",
    { authorization: signedFor("AKIA1/20260102/eu-west-1/ssm") },
    "InvalidSignatureException",
  ],
  [
    "another service",
    { authorization: signedFor("AKIA1/20260102/eu-north-1/sns") },
    "InvalidSignatureException",
  ],
])("A request with %s is refused as AWS refuses it", (_, change, type) => {
  expect(check(change)).toThrow(expect.objectContaining({ type }));
});

test.each([-300_001, 300_001])("A request signed %i ms off is refused", (offMs) => {
  expect(check({}, NOW_MS + offMs)).toThrow(
    expect.objectContaining({ type: "InvalidSignatureException" }),
  );
});
