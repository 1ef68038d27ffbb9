import { describe, expect, test } from "@jest/globals";
import type { AccountErrorCode } from "../../lambda/contract.ts";
import { RotationError } from "../../lambda/errors.ts";
import type { AccountReport, CheckReport } from "../../lambda/reconcile.ts";
import { AT_RISK_PERCENT } from "../../lambda/renewal-policy.ts";
import { createTelemetry, type Telemetry } from "../../lambda/telemetry.ts";
import { leaksIn, TOKEN_CANARY } from "../support/canaries.ts";
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
const failed = (code: AccountErrorCode, lifeRemainingPercent = 60): AccountReport => ({
  result: {
    accountId: "T00000004",
    outcome: "failed",
    reason: "aging",
    error: { code, message: "Look at Dintero's status page." },
  },
  durationMs: 30_000,
  lifeRemainingPercent,
});
/** Its parameters could not be read. */
const unread: AccountReport = {
  result: {
    accountId: "T00000005",
    outcome: "failed",
    error: { code: "store-failed", message: "Reading failed." },
  },
  durationMs: 1,
};

function outputOf(action: (telemetry: Telemetry) => void): CapturedOutput {
  return captureOutput(() =>
    action(createTelemetry({ functionName: "test-check", awsRequestId: "request-1" })),
  );
}

const complete = (...accounts: AccountReport[]): CheckReport => ({ accounts, isComplete: true });

function metricsOf(report: CheckReport, isFull: boolean): Record<string, unknown>[] {
  const { stdout, stderr } = outputOf((telemetry) => telemetry.checkCompleted(report, isFull));
  expect(stderr).toBe("");
  return jsonLines(stdout);
}

/** The lines about accounts, without their metrics. */
function logsOf(reports: readonly AccountReport[]): Record<string, unknown>[] {
  return linesOf(reports).filter((line) => !("_aws" in line));
}

function linesOf(reports: readonly AccountReport[]): Record<string, unknown>[] {
  const { stdout, stderr } = outputOf(({ accountChecked }) => {
    for (const report of reports) accountChecked(report);
  });
  return [...jsonLines(stdout), ...jsonLines(stderr)];
}

describe("The metric of an account", () => {
  const metricsOfAccounts = (...reports: AccountReport[]) =>
    linesOf(reports).filter((line) => "_aws" in line);

  test("is one EMF document, under the function's name and the account", () => {
    expect(metricsOfAccounts(fresh)).toStrictEqual([
      {
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: "DinteroTokenRotation",
              Dimensions: [["FunctionName", "DinteroAccount"]],
              Metrics: [{ Name: "TokenLifeRemaining", Unit: "Percent" }],
            },
          ],
        },
        FunctionName: "test-check",
        DinteroAccount: "T00000001",
        TokenLifeRemaining: 95.5,
      },
    ]);
  });

  test("is what is left of its own token, failed or not", () => {
    const sent = metricsOfAccounts(fresh, renewed, failed("unavailable", 0));
    expect(
      sent.map(({ DinteroAccount, TokenLifeRemaining }) => [DinteroAccount, TokenLifeRemaining]),
    ).toEqual([
      ["T00000001", 95.5],
      ["T00000002", 100],
      ["T00000004", 0],
    ]);
  });

  test("is not sent when no token is expected, nor when what is stored is not known", () => {
    expect(metricsOfAccounts(awaiting, unread)).toEqual([]);
  });
});

describe("The metrics of a check of all accounts", () => {
  test("are one EMF document at the root of one line of stdout", () => {
    const { stdout } = outputOf((telemetry) =>
      telemetry.checkCompleted(complete(fresh, renewed), true),
    );
    expect(stdout).toMatch(/^\{"_aws":[^\n]*\}\n$/);
  });

  test("are in the namespace, with each unit, under the function's name and nothing else", () => {
    const [document] = metricsOf(complete(fresh, renewed), true);
    expect(document).toStrictEqual({
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          {
            Namespace: "DinteroTokenRotation",
            Dimensions: [["FunctionName"]],
            Metrics: [
              { Name: "ChecksCompleted", Unit: "Count" },
              { Name: "TokensRenewed", Unit: "Count" },
              { Name: "RenewalsFailed", Unit: "Count" },
              { Name: "CredentialsRejected", Unit: "Count" },
            ],
          },
        ],
      },
      FunctionName: "test-check",
      ChecksCompleted: 1,
      TokensRenewed: 1,
      RenewalsFailed: 0,
      CredentialsRejected: 0,
    });
  });

  test.each<[string, AccountReport[], Record<string, unknown>]>([
    ["zeros included", [fresh], { TokensRenewed: 0, RenewalsFailed: 0, CredentialsRejected: 0 }],
    [
      "each outcome by itself",
      [fresh, renewed, renewed, awaiting, failed("unavailable")],
      { TokensRenewed: 2, RenewalsFailed: 1, CredentialsRejected: 0 },
    ],
    [
      "rejected credentials apart from all other failures",
      [failed("credentials-rejected"), failed("credentials-unusable"), failed("bad-reply")],
      { TokensRenewed: 0, RenewalsFailed: 2, CredentialsRejected: 1 },
    ],
    ["an account whose state is not known", [unread, fresh], { RenewalsFailed: 1 }],
    [
      "an account that fails until it is at risk",
      [failed("unavailable", AT_RISK_PERCENT), failed("credentials-rejected", AT_RISK_PERCENT)],
      { RenewalsFailed: 1, CredentialsRejected: 1 },
    ],
    [
      "no account at risk, which has its own alarm",
      [failed("unavailable", 33.3), failed("credentials-rejected", 0), renewed],
      { TokensRenewed: 1, RenewalsFailed: 0, CredentialsRejected: 0 },
    ],
  ])("count %s", (_, reports, counts) => {
    expect(metricsOf(complete(...reports), true)).toMatchObject([
      { ChecksCompleted: 1, ...counts },
    ]);
  });

  test("have no ChecksCompleted when the check is not complete, but still the counts", () => {
    const [document] = metricsOf({ accounts: [unread, fresh], isComplete: false }, true);
    expect(document).toMatchObject({ TokensRenewed: 0, RenewalsFailed: 1 });
    expect(document).not.toHaveProperty("ChecksCompleted");
  });
});

describe("The metrics of a check of named accounts", () => {
  test.each<[string, AccountReport[], Record<string, number>]>([
    ["renewed", [renewed, fresh], { TokensRenewed: 1 }],
    ["failed", [failed("unavailable")], { RenewalsFailed: 1 }],
    [
      "rejected and renewed",
      [failed("credentials-rejected"), renewed],
      { TokensRenewed: 1, CredentialsRejected: 1 },
    ],
  ])("are the counts that are not zero: %s", (_, reports, counts) => {
    expect(metricsOf(complete(...reports), false)).toStrictEqual([
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

  test("are no line at all if every count is zero", () => {
    expect(metricsOf(complete(fresh, awaiting), false)).toEqual([]);
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
  ])("that is %s is one line with everything in its report", (_, report, fields) => {
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
        reason: "aging",
        durationMs: 30_000,
        lifeRemainingPercent: 60,
        code: "unavailable",
        whatToDo: "Look at Dintero's status page.",
      },
    ]);
  });

  test("is its own line, independent of the others", () => {
    const logs = logsOf([failed("unavailable"), fresh]);
    expect(logs.map(({ accountId }) => accountId).sort()).toEqual(["T00000001", "T00000004"]);
    expect(logs.find(({ accountId }) => accountId === "T00000001")).not.toHaveProperty("code");
  });
});

test("A check that is incomplete for its own reason is one line at level ERROR", () => {
  const error = new RotationError("store-failed", "Reading the key's state failed.");
  const { stdout, stderr } = outputOf((telemetry) =>
    telemetry.checkCompleted({ accounts: [fresh], isComplete: false, error }, true),
  );
  expect(jsonLines(stderr + stdout).filter((line) => !("_aws" in line))).toMatchObject([
    {
      level: "ERROR",
      message: "check incomplete",
      code: "store-failed",
      whatToDo: "Reading the key's state failed.",
    },
  ]);
});

test("A defect is logged with the class and the frames of each cause, without their messages", () => {
  const quoting = (error: Error) => Object.assign(error, { stack: `${error.stack}` });
  const first = quoting(new TypeError(`cannot read ${TOKEN_CANARY}\n    at ${TOKEN_CANARY}`));
  const second = new RangeError("", { cause: "a text" });
  const defect = new RotationError("defect", "Roll back.", {
    cause: new AggregateError([first, second], TOKEN_CANARY),
  });
  const { stdout, stderr } = outputOf((telemetry) => telemetry.checkFailed(defect));
  const [line, ...others] = [...jsonLines(stdout), ...jsonLines(stderr)];
  expect(others).toEqual([]);
  const frames = expect.arrayContaining([expect.stringMatching(/^at .*telemetry\.test\.ts/)]);
  expect(line).toMatchObject({
    code: "defect",
    traces: [
      { name: "AggregateError", frames },
      { name: "TypeError", frames },
      { name: "RangeError", frames },
      { name: "string", frames: [] },
    ],
  });
  expect(leaksIn(stdout + stderr, [TOKEN_CANARY])).toEqual([]);
});

test("A check that could not be made is one line at level ERROR, and no metric", () => {
  const { stdout, stderr } = outputOf((telemetry) =>
    telemetry.checkFailed(new RotationError("aws-unreachable", "Check the function's network.")),
  );
  const [line] = [...jsonLines(stdout), ...jsonLines(stderr)];
  // Of a fault that is not the program's own, they would only distract.
  expect(line).not.toHaveProperty("traces");
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
