import { describe, expect, test } from "@jest/globals";
import { type AccountErrorCode, MAX_ACCOUNTS } from "../../lambda/contract.ts";
import { RotationError } from "../../lambda/errors.ts";
import type { AccountReport } from "../../lambda/reconcile.ts";
import { createTelemetry, type Telemetry } from "../../lambda/telemetry.ts";
import { type CapturedOutput, captureOutput, jsonLines } from "../support/captured-output.ts";

const fresh: AccountReport = {
  result: { accountId: "T00000001", outcome: "fresh", expiresAt: "2026-01-01T23:00:00.000Z" },
  durationMs: 12,
  tokenFingerprint: "6f69975abe58",
  lifeRemainingPercent: 95.5,
};
const renewed: AccountReport = {
  result: {
    accountId: "T00000002",
    outcome: "renewed",
    reason: "aging",
    expiresAt: "2026-01-02T00:00:00.000Z",
  },
  durationMs: 345,
  tokenFingerprint: "348e9df2a42b",
  lifeRemainingPercent: 100,
};
const awaiting: AccountReport = {
  result: { accountId: "T00000003", outcome: "awaiting-credentials" },
  durationMs: 1,
};
const failed = (code: AccountErrorCode): AccountReport => ({
  result: {
    accountId: "T00000004",
    outcome: "failed",
    reason: "missing",
    error: { code, message: "Look at Dintero's status page." },
  },
  durationMs: 30_000,
  lifeRemainingPercent: 0,
});

function outputOf(action: (telemetry: Telemetry) => void): CapturedOutput {
  return captureOutput(() =>
    action(createTelemetry({ functionName: "test-check", awsRequestId: "request-1" })),
  );
}

function metricsOf(reports: readonly AccountReport[], isFull: boolean): Record<string, unknown>[] {
  const { stdout, stderr } = outputOf((telemetry) => telemetry.checkCompleted(reports, isFull));
  expect(stderr).toBe("");
  return jsonLines(stdout);
}

function logsOf(reports: readonly AccountReport[]): Record<string, unknown>[] {
  const { stdout, stderr } = outputOf(({ accountChecked }) => {
    for (const report of reports) accountChecked(report);
  });
  return [...jsonLines(stdout), ...jsonLines(stderr)];
}

describe("The metrics of a check of all accounts", () => {
  test("are one EMF document at the root of one line of stdout", () => {
    const { stdout } = outputOf((telemetry) => telemetry.checkCompleted([fresh, renewed], true));
    expect(stdout).toMatch(/^\{"_aws":[^\n]*\}\n$/);
  });

  test("are in the namespace, with each unit, under the function's name and nothing else", () => {
    const [document] = metricsOf([fresh, renewed], true);
    expect(document).toStrictEqual({
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          {
            Namespace: "DinteroTokenRotation",
            Dimensions: [["FunctionName"]],
            Metrics: [
              { Name: "ChecksCompleted", Unit: "Count" },
              { Name: "TokenLifeRemaining", Unit: "Percent" },
              { Name: "TokensRenewed", Unit: "Count" },
              { Name: "RenewalsFailed", Unit: "Count" },
              { Name: "CredentialsRejected", Unit: "Count" },
            ],
          },
        ],
      },
      FunctionName: "test-check",
      ChecksCompleted: 1,
      TokenLifeRemaining: [95.5, 100],
      TokensRenewed: 1,
      RenewalsFailed: 0,
      CredentialsRejected: 0,
    });
  });

  test.each<[string, AccountReport[], Record<string, unknown>]>([
    [
      "zeros included",
      [fresh],
      { TokensRenewed: 0, RenewalsFailed: 0, CredentialsRejected: 0, TokenLifeRemaining: 95.5 },
    ],
    [
      "each outcome by itself",
      [fresh, renewed, renewed, awaiting, failed("unavailable")],
      { TokensRenewed: 2, RenewalsFailed: 1, CredentialsRejected: 0 },
    ],
    [
      "rejected credentials as failures too",
      [failed("credentials-rejected"), failed("credentials-unusable"), failed("bad-reply")],
      { TokensRenewed: 0, RenewalsFailed: 3, CredentialsRejected: 1 },
    ],
  ])("count %s", (_, reports, counts) => {
    expect(metricsOf(reports, true)).toMatchObject([{ ChecksCompleted: 1, ...counts }]);
  });

  test("tell 0 % for an account without a token, and nothing for one that expects none", () => {
    const reports = [awaiting, failed("unavailable"), fresh];
    expect(metricsOf(reports, true)).toMatchObject([{ TokenLifeRemaining: [0, 95.5] }]);
  });

  test("have no TokenLifeRemaining where no account expects a token", () => {
    const [document] = metricsOf([awaiting], true);
    expect(document).toMatchObject({ ChecksCompleted: 1 });
    expect(document).not.toHaveProperty("TokenLifeRemaining");
  });

  test("hold a value for each of as many accounts as a stack may have", () => {
    const [document, ...others] = metricsOf(Array(MAX_ACCOUNTS).fill(fresh), true);
    expect(document).toMatchObject({ TokenLifeRemaining: Array(MAX_ACCOUNTS).fill(95.5) });
    expect(others).toEqual([]);
  });
});

describe("The metrics of a check of named accounts", () => {
  test.each<[string, AccountReport[], Record<string, number>]>([
    ["renewed", [renewed, fresh], { TokensRenewed: 1 }],
    ["failed", [failed("unavailable")], { RenewalsFailed: 1 }],
    [
      "rejected and renewed",
      [failed("credentials-rejected"), renewed],
      { TokensRenewed: 1, RenewalsFailed: 1, CredentialsRejected: 1 },
    ],
  ])("are the counts that are not zero: %s", (_, reports, counts) => {
    expect(metricsOf(reports, false)).toStrictEqual([
      {
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: "DinteroTokenRotation",
              Dimensions: [["FunctionName"]],
              Metrics: Object.keys(counts).map((Name) => ({ Name, Unit: "Count" })),
            },
          ],
        },
        FunctionName: "test-check",
        ...counts,
      },
    ]);
  });

  test("are no line at all where every count is zero", () => {
    expect(metricsOf([fresh, awaiting], false)).toEqual([]);
  });
});

describe("The log of an account", () => {
  test.each<[string, AccountReport, Record<string, unknown>]>([
    [
      "fresh",
      fresh,
      {
        accountId: "T00000001",
        outcome: "fresh",
        expiresAt: "2026-01-01T23:00:00.000Z",
        tokenFingerprint: "6f69975abe58",
        durationMs: 12,
        lifeRemainingPercent: 95.5,
      },
    ],
    [
      "renewed",
      renewed,
      {
        accountId: "T00000002",
        outcome: "renewed",
        reason: "aging",
        expiresAt: "2026-01-02T00:00:00.000Z",
        tokenFingerprint: "348e9df2a42b",
        durationMs: 345,
        lifeRemainingPercent: 100,
      },
    ],
    [
      "awaiting credentials",
      awaiting,
      { accountId: "T00000003", outcome: "awaiting-credentials", durationMs: 1 },
    ],
  ])("that is %s is one line with all that its report tells", (_, report, fields) => {
    expect(logsOf([report])).toStrictEqual([
      {
        level: "INFO",
        message: "account checked",
        timestamp: expect.any(String),
        service: "dintero-token-rotation",
        requestId: "request-1",
        sampling_rate: 0,
        ...fields,
      },
    ]);
  });

  test("that failed is one line at level ERROR with the code and what to do", () => {
    expect(logsOf([failed("unavailable")])).toStrictEqual([
      {
        level: "ERROR",
        message: "account failed",
        timestamp: expect.any(String),
        service: "dintero-token-rotation",
        requestId: "request-1",
        sampling_rate: 0,
        accountId: "T00000004",
        outcome: "failed",
        reason: "missing",
        durationMs: 30_000,
        lifeRemainingPercent: 0,
        code: "unavailable",
        whatToDo: "Look at Dintero's status page.",
      },
    ]);
  });

  test("is its own line, whatever the others hold", () => {
    const logs = logsOf([failed("unavailable"), fresh]);
    expect(logs.map(({ accountId }) => accountId).sort()).toEqual(["T00000001", "T00000004"]);
    expect(logs.find(({ accountId }) => accountId === "T00000001")).not.toHaveProperty("code");
  });
});

test("A check that could not be made is one line at level ERROR, and no metric", () => {
  const { stdout, stderr } = outputOf((telemetry) =>
    telemetry.checkFailed(new RotationError("aws-unreachable", "Check the function's network.")),
  );
  expect([...jsonLines(stdout), ...jsonLines(stderr)]).toMatchObject([
    {
      level: "ERROR",
      message: "check failed",
      requestId: "request-1",
      code: "aws-unreachable",
      whatToDo: "Check the function's network.",
    },
  ]);
});
