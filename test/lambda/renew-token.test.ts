import { describe, expect, test } from "@jest/globals";
import { tokenParameterName } from "../../lambda/contract.ts";
import { RotationError } from "../../lambda/errors.ts";
import { renewToken } from "../../lambda/renew-token.ts";
import type { StoredToken } from "../../lambda/renewal-policy.ts";
import { HOUR_MS } from "../../proof/durations.ts";
import { expectMessage } from "../support/expect-message.ts";
import {
  type Answers,
  fakeCheck,
  issued,
  NOW_MS,
  stored,
  tokenStatus,
} from "../support/fake-check.ts";
import { failureOf } from "./token-request.ts";

const ACCOUNT = "T00000001";
const signal = new AbortController().signal;
const failure = new RotationError("unavailable", "Dintero is silent.");

/** Dintero hands out the stored token again, 2 h after it was made. */
const sameToken: Answers = { token: () => issued({ accessToken: "stored-token" }) };

describe("A renewal", () => {
  test("reads the secret, asks for a token, writes it and then its status, each once", async () => {
    const check = fakeCheck();
    await renewToken(ACCOUNT, stored(), "aging", check, signal);
    expect(check.calls).toEqual(
      ["secret", "token", "write", "status"].map((operation) => `${operation} ${ACCOUNT}`),
    );
  });

  test("passes the account's signal to each of them", async () => {
    const check = fakeCheck();
    await renewToken(ACCOUNT, stored(), "aging", check, signal);
    expect(check.signals.size).toBe(4);
    for (const handed of check.signals.values()) expect(handed).toBe(signal);
  });

  test("asks for the token with the credentials as read", async () => {
    const read = { client_id: "id", client_secret: "s3cret", versionId: "version-2" };
    const check = fakeCheck({ credentials: () => read });
    await renewToken(ACCOUNT, stored(), "aging", check, signal);
    expect(check.sent).toEqual([read]);
  });

  test("writes the token with the reply's times and the version of the secret that was read", async () => {
    const last = stored();
    const check = fakeCheck({
      credentials: () => ({ client_id: "id", client_secret: "s3cret", versionId: "version-2" }),
      token: () => issued({ issuedAtMs: NOW_MS + 5, expiresAtMs: NOW_MS + HOUR_MS }),
    });
    await renewToken(ACCOUNT, last, "aging", check, signal);
    expect(check.writes).toEqual([
      {
        accountId: ACCOUNT,
        accessToken: "new-token",
        status: {
          issuedAtMs: NOW_MS + 5,
          expiresAtMs: NOW_MS + HOUR_MS,
          tokenVersion: 8,
          tokenFingerprint: "348e9df2a42b",
          credentialsVersionId: "version-2",
          keyId: "this-key",
        },
        stored: last,
      },
    ]);
  });

  test("returns the status that it wrote", async () => {
    const check = fakeCheck();
    const status = await renewToken(ACCOUNT, stored(), "aging", check, signal);
    expect(check.writes).toMatchObject([{ status }]);
  });

  test("writes the first token of an account with nothing stored", async () => {
    const check = fakeCheck();
    await renewToken(ACCOUNT, {}, "missing", check, signal);
    expect(check.writes).toMatchObject([{ accessToken: "new-token", stored: {} }]);
  });
});

describe("A renewal that fails", () => {
  const fail = () => {
    throw failure;
  };

  test.each<[string, Answers, string[]]>([
    ["reading the secret asks for no token", { credentials: fail }, ["secret"]],
    ["getting a token writes nothing", { token: fail }, ["secret", "token"]],
    ["writing tells so", { write: fail }, ["secret", "token", "write"]],
  ])("in %s", async (_, answers, operations) => {
    const check = fakeCheck(answers);
    await expect(renewToken(ACCOUNT, stored(), "aging", check, signal)).rejects.toBe(failure);
    expect(check.calls).toEqual(operations.map((operation) => `${operation} ${ACCOUNT}`));
    expect(check.writes).toEqual([]);
  });
});

describe("The stored token, returned again by Dintero,", () => {
  test.each(["aging", "credentials-changed", "forced"] as const)(
    "is not a renewal if the account is due as %s, and nothing is written",
    async (reason) => {
      const check = fakeCheck(sameToken);
      const renewal = renewToken(ACCOUNT, stored(), reason, check, signal);
      const { code, message } = await failureOf(renewal);
      expect(code).toBe("token-not-renewed");
      expectMessage(message, {
        names: [tokenParameterName(ACCOUNT)],
      });
      expect(check.calls).not.toContain(`write ${ACCOUNT}`);
    },
  );

  const deleted: StoredToken = {
    statusParameter: { lastModifiedMs: NOW_MS, status: tokenStatus() },
  };

  test.each([
    ["missing", deleted, 1],
    ["replaced", stored(), 8],
    ["key-changed", stored(), 8],
  ] as const)(
    "is written with its old times if the account is due as %s",
    async (reason, last, tokenVersion) => {
      const check = fakeCheck({
        ...sameToken,
        credentials: () => ({ client_id: "id", client_secret: "s3cret", versionId: "version-2" }),
      });
      await renewToken(ACCOUNT, last, reason, check, signal);
      expect(check.writes).toEqual([
        {
          accountId: ACCOUNT,
          accessToken: "stored-token",
          status: {
            issuedAtMs: NOW_MS - HOUR_MS,
            expiresAtMs: NOW_MS + 23 * HOUR_MS,
            tokenVersion,
            tokenFingerprint: "6f69975abe58",
            credentialsVersionId: "version-2",
            keyId: "this-key",
          },
          stored: last,
        },
      ]);
    },
  );

  test.each([
    ["1 ms before the old clock says", 23 * HOUR_MS - 1, 23 * HOUR_MS - 1],
    ["1 ms after it says", 23 * HOUR_MS + 1, 23 * HOUR_MS],
  ])("expires at the earlier time, if the reply says %s", async (_, replyMs, writtenMs) => {
    const check = fakeCheck({
      token: () => issued({ accessToken: "stored-token", expiresAtMs: NOW_MS + replyMs }),
    });
    await renewToken(ACCOUNT, stored(), "replaced", check, signal);
    expect(check.writes).toMatchObject([{ status: { expiresAtMs: NOW_MS + writtenMs } }]);
  });

  test("is written with the reply's times if its status cannot be believed", async () => {
    const check = fakeCheck(sameToken);
    await renewToken(ACCOUNT, stored({ issuedAtMs: NOW_MS + 1 }), "missing", check, signal);
    expect(check.writes).toMatchObject([
      {
        accessToken: "stored-token",
        status: { issuedAtMs: NOW_MS, expiresAtMs: NOW_MS + 24 * HOUR_MS },
      },
    ]);
  });
});

describe("Another token than the stored one", () => {
  test.each([
    "missing",
    "replaced",
    "key-changed",
    "aging",
    "credentials-changed",
    "forced",
  ] as const)("is written with the reply's times if the account is due as %s", async (reason) => {
    const check = fakeCheck();
    await renewToken(ACCOUNT, stored(), reason, check, signal);
    expect(check.writes).toMatchObject([
      {
        accessToken: "new-token",
        status: { issuedAtMs: NOW_MS, expiresAtMs: NOW_MS + 24 * HOUR_MS },
      },
    ]);
  });
});
