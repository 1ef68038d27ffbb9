/** The built bundle, called as Lambda calls it, against the stand-ins. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { tokenFingerprint } from "../../lambda/token-fingerprint.ts";
import { HOUR_MS, MINUTE_MS } from "../../proof/durations.ts";
import { AwsStandIn } from "../../proof/local/aws/aws-stand-in.ts";
import { DinteroStandIn } from "../../proof/local/dintero/dintero-stand-in.ts";
import { RawServer } from "../../proof/local/raw-server.ts";
import { Sandbox, type SandboxOptions } from "../../proof/local/sandbox.ts";
import { selfSignedCertificate } from "../../proof/local/self-signed-certificate.ts";
import { VirtualClock } from "../../proof/local/virtual-clock.ts";
import { IMPATIENT, withBuiltBundle } from "../support/built-bundle.ts";
import { jsonLines } from "../support/captured-output.ts";
import { expectMessage } from "../support/expect-message.ts";

const ACCOUNT_IDS = ["T00000001", "T00000002", "T003", "T00000004", "T00000005", "T00000006"];
const [FIRST = ""] = ACCOUNT_IDS;

const bundle = withBuiltBundle();
const clock = new VirtualClock();
let aws: AwsStandIn;
let dintero: DinteroStandIn;
let sandbox: Sandbox;

beforeAll(async () => {
  aws = await AwsStandIn.start({ now: clock.now });
  dintero = await DinteroStandIn.start({ now: clock.now });
  sandbox = await deploy();
});
afterAll(async () => {
  await sandbox.close();
  await Promise.all([aws.close(), dintero.close()]);
});
afterEach(() => {
  aws.clearFaults();
  dintero.clearFaults();
});

function deploy(differences: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  return Sandbox.deploy({
    accountIds: ACCOUNT_IDS,
    bundleUrl: bundle.hastyUrl,
    clock,
    aws,
    dintero,
    ...differences,
  });
}

/** Whatever tests before have left: fresh tokens, got with new credentials, and no calls yet. */
async function startWithTokens(): Promise<void> {
  await Promise.all(ACCOUNT_IDS.map((accountId) => sandbox.enterCredentials(accountId)));
  await sandbox.check();
  aws.calls.length = 0;
  dintero.requests.length = 0;
}

const operations = () => aws.calls.map(({ operation }) => operation).sort();
const metricsOf = (output: string) => jsonLines(output).filter((line) => "_aws" in line);
const times = (count: number, operation: string) => Array<string>(count).fill(operation);

describe("The calls of a check", () => {
  test("with nothing due are one for the key, one SSM read per five accounts and one DescribeSecret per account", async () => {
    await startWithTokens();
    const { result } = await sandbox.check();
    expect(result?.accounts.map(({ outcome }) => outcome)).toEqual(times(6, "fresh"));
    expect(operations()).toEqual([
      "DescribeKey",
      ...times(6, "DescribeSecret"),
      ...times(2, "GetParameters"),
    ]);
    expect(aws.calls.flatMap(({ kms }) => kms)).toEqual([]);
    expect(dintero.requests).toEqual([]);
  });

  test("with a renewal are one secret read, one token request and two writes more", async () => {
    await startWithTokens();
    await sandbox.check({ accounts: [FIRST], force: true });
    expect(operations()).toEqual([
      "DescribeKey",
      "DescribeSecret",
      "GetParameters",
      "GetSecretValue",
      ...times(2, "PutParameter"),
    ]);
    expect(dintero.requests).toHaveLength(1);
  });

  test("never decrypt a token, and set tags once", async () => {
    await startWithTokens();
    clock.advance(8 * HOUR_MS + 5 * MINUTE_MS);
    await sandbox.check();
    const actions = aws.calls.flatMap(({ service, kms }) =>
      kms.map(({ action }) => `${service} ${action}`),
    );
    expect([...new Set(actions)].sort()).toEqual(["secretsmanager kms:Decrypt", "ssm kms:Encrypt"]);
    const writes = aws.calls.filter(({ operation }) => operation === "PutParameter");
    expect(writes).toHaveLength(12);
    for (const { input } of writes) {
      expect(input).toMatchObject({ Overwrite: true });
      expect(input).not.toHaveProperty("Tags");
    }
  });
});

describe("An event", () => {
  const label = (name: string) => ({
    source: "aws.secretsmanager",
    "detail-type": "Secret Label Updated",
    detail: { name, labelUpdated: "AWSCURRENT", versionId: "1" },
  });

  test("of a changed secret renews the account that it names, and no other", async () => {
    await startWithTokens();
    await sandbox.enterCredentials(FIRST);
    const { result } = await sandbox.check(label(`dintero/${FIRST}/api-client`));
    expect(result?.accounts).toMatchObject([
      { accountId: FIRST, outcome: "renewed", reason: "credentials-changed" },
    ]);
  });

  test("that names accounts sends only the metrics of these accounts", async () => {
    await startWithTokens();
    const { output } = await sandbox.check({ accounts: [FIRST], force: true });
    const [ofAccount, ofCheck, ...others] = metricsOf(output);
    expect(ofAccount).toMatchObject({
      DinteroAccount: FIRST,
      TokenLifeRemaining: expect.any(Number),
    });
    expect(ofCheck).toMatchObject({ TokensRenewed: 1 });
    for (const name of ["ChecksCompleted", "TokenLifeRemaining", "RenewalsFailed"]) {
      expect(ofCheck).not.toHaveProperty(name);
    }
    expect(others).toEqual([]);
  });

  test.each<[string, unknown]>([
    ["a string", "all"],
    ["nothing", null],
    ["a list", [FIRST]],
    ["an unknown account", { accounts: ["T99999999"] }],
    ["no accounts", { accounts: [] }],
    ["accounts that are no list", { accounts: FIRST }],
    ["force that is no boolean", { accounts: [FIRST], force: "yes" }],
    ["force without accounts", { force: true }],
    ["a secret of another stack", label("dintero/T99999999/api-client")],
  ])("that is or has %s fails the invocation, and no call is made", async (_, event) => {
    aws.calls.length = 0;
    const { error, output } = await sandbox.check(event);
    expect(error).toMatchObject({
      errorType: "RotationError",
    });
    expectMessage(error?.errorMessage ?? "", { commands: ["{}", '"accounts"', '"force"'] });
    expect(jsonLines(output)).toMatchObject([
      { level: "ERROR", code: "event-invalid", whatToDo: error?.errorMessage },
    ]);
    expect(aws.calls).toEqual([]);
  });
});

describe("The invocation fails", () => {
  test("with all faults of the settings in one message, and no call is made", async () => {
    const broken = await deploy({
      accountIds: ["T00000009"],
      environment: { DINTERO_ENVIRONMENT: "prod", DINTERO_ACCOUNT_IDS: "12345678", KMS_KEY_ID: "" },
    });
    aws.calls.length = 0;
    const { error } = await broken.check();
    expectMessage(error?.errorMessage ?? "", {
      names: ["DINTERO_ENVIRONMENT", "DINTERO_ACCOUNT_IDS", "KMS_KEY_ID"],
    });
    expect(aws.calls).toEqual([]);
    await broken.close();
  });

  test("when AWS does not answer at all", async () => {
    aws.addFault({ operation: "GetParameters", effect: { disconnect: "before" } });
    const { error, output } = await sandbox.check();
    expectMessage(error?.errorMessage ?? "", { names: ["AWS"] });
    expect(jsonLines(output)).toMatchObject([{ level: "ERROR", code: "aws-unreachable" }]);
  });
});

describe("AWS that answers with errors", () => {
  test("fails the accounts whose parameters it denies, but not the invocation", async () => {
    await startWithTokens();
    const giveBack = aws.iam.revoke("KeepTokensAndStatuses");
    const { result, output } = await sandbox.check();
    expect(result?.accounts.map(({ error }) => error?.code)).toEqual(times(6, "store-failed"));
    expectMessage(result?.accounts[0]?.error?.message ?? "", { names: ["ssm:GetParameters"] });
    // What is stored is not known: no lifetime, and no check that saw every account.
    const [metrics, ...others] = metricsOf(output);
    expect(others).toEqual([]);
    expect(metrics).toMatchObject({ RenewalsFailed: 6 });
    expect(metrics).not.toHaveProperty("ChecksCompleted");
    giveBack();
    expect((await sandbox.check()).result?.accounts[0]).toMatchObject({ outcome: "fresh" });
  });

  test("for an account that the role's policies omit fails only that account", async () => {
    const accountIds = ["T00000008"];
    const environment = { DINTERO_ACCOUNT_IDS: "T00000007,T00000008" };
    await using stack = new AsyncDisposableStack();
    const partly = stack.adopt(await deploy({ accountIds, environment }), (it) => it.close());
    await partly.enterCredentials("T00000008");
    const { result } = await partly.check();
    expect(result?.accounts).toMatchObject([
      { accountId: "T00000007", outcome: "failed", error: { code: "store-failed" } },
      { accountId: "T00000008", outcome: "renewed" },
    ]);
    expectMessage(result?.accounts[0]?.error?.message ?? "", {
      names: ["/dintero/T00000007/access-token", "ssm:GetParameters"],
    });
  });

  test("by throttling is retried with success", async () => {
    await startWithTokens();
    for (const operation of ["GetParameters", "DescribeSecret", "GetSecretValue", "PutParameter"]) {
      aws.addFault({ operation, times: 2, effect: { error: "ThrottlingException" } });
    }
    const { result } = await sandbox.check({ accounts: [FIRST], force: true });
    expect(result?.accounts).toMatchObject([{ outcome: "renewed" }]);
  });
});

describe("Two checks at once", () => {
  test("leave a matching token and status after the next check", async () => {
    // None of which exists yet.
    const accountIds = ACCOUNT_IDS.map((accountId) => accountId.replace("T0", "T9"));
    await using stack = new AsyncDisposableStack();
    const sandbox = stack.adopt(await deploy({ accountIds }), (deployed) => deployed.close());
    await Promise.all(accountIds.map((accountId) => sandbox.enterCredentials(accountId)));
    const both = await Promise.all([sandbox.check(), sandbox.check()]);
    const outcomes = both.map(({ result }) => result?.accounts.map(({ outcome }) => outcome));
    // A check that starts late finds what the other has renewed by then.
    for (const it of outcomes) {
      expect(["renewed", "fresh"]).toEqual(expect.arrayContaining([...new Set(it)]));
    }
    expect(outcomes.flat().filter((outcome) => outcome === "renewed").length).toBeGreaterThan(5);
    clock.advance(5 * MINUTE_MS);
    await sandbox.check();
    clock.advance(5 * MINUTE_MS);
    const { result } = await sandbox.check();
    expect(result?.accounts.map(({ outcome }) => outcome)).toEqual(times(6, "fresh"));
    const [first = ""] = accountIds;
    const [token = "", status] = [await sandbox.readToken(first), await sandbox.readStatus(first)];
    expect(status?.tokenFingerprint).toBe(tokenFingerprint(token));
  });
});

describe("Dintero's origin", () => {
  test.each<[string, () => Promise<{ origin: string; close: () => Promise<void> }>]>([
    [
      "where nobody listens",
      async () => {
        const server = await RawServer.start(() => {});
        await server.close();
        return { origin: `http://${server.host}`, close: async () => {} };
      },
    ],
    [
      "whose certificate is not trusted",
      () => DinteroStandIn.start({ now: clock.now, tls: selfSignedCertificate }),
    ],
    [
      "that never finishes the TLS handshake",
      async () => {
        const server = await RawServer.start(() => {});
        return { origin: `https://${server.host}`, close: () => server.close() };
      },
    ],
  ])("%s leaves the account unavailable", async (_, start) => {
    const server = await start();
    const accountIds = ["T00000009"];
    const cut = await deploy({ accountIds, environment: { DINTERO_API_ORIGIN: server.origin } });
    await cut.enterCredentials("T00000009");
    const { result } = await cut.check(IMPATIENT);
    expect(result?.accounts).toMatchObject([
      { outcome: "failed", reason: "missing", error: { code: "unavailable" } },
    ]);
    expect(await cut.readToken("T00000009")).toBeUndefined();
    await cut.close();
    await server.close();
  });
});
