/**
 * The built bundle against all that can go wrong for one account. Each row has an account of its
 * own, and the accounts of a table are checked together: so a row also shows that it harms no other.
 */
import { beforeAll, describe, expect, test } from "@jest/globals";
import type { AccountResult } from "../../lambda/contract.ts";
import { accountIdsOf } from "../../proof/account-ids.ts";
import { AwsStandIn } from "../../proof/local/aws/aws-stand-in.ts";
import { DinteroStandIn } from "../../proof/local/dintero/dintero-stand-in.ts";
import { Sandbox } from "../../proof/local/sandbox.ts";
import { VirtualClock } from "../../proof/local/virtual-clock.ts";
import { IMPATIENT, withBuiltBundle } from "../support/built-bundle.ts";
import { BODY_CANARY, leaksIn, SECRET_CANARY, TOKEN_CANARY } from "../support/canaries.ts";
import { expectMessage } from "../support/expect-message.ts";
import {
  AWS,
  type BadInput,
  BODIES,
  type Deployment,
  OTHER_REPLIES,
  SECRETS,
  SILENCE,
  STATUSES,
  TRANSIENT_STATUSES,
} from "./bad-input-cases.ts";

const API_CLIENT = { client_id: "client", client_secret: SECRET_CANARY };
const NINE_HOURS_MS = 9 * 60 * 60 * 1000;

const TABLES = {
  SECRETS,
  STATUSES,
  TRANSIENT_STATUSES,
  BODIES,
  "OTHER REPLIES": OTHER_REPLIES,
  SILENCE,
  AWS,
};

/** One account at three moments: with a good token that is due, when it goes wrong, and mended. */
interface Trial {
  readonly failed: AccountResult | undefined;
  readonly mended: AccountResult | undefined;
  readonly tokens: readonly [
    good: string | undefined,
    wrong: string | undefined,
    mended: string | undefined,
  ];
  /** Successful writes while it went wrong. */
  readonly writes: number;
}

interface TableTrial {
  readonly trials: ReadonlyMap<string, Trial>;
  /** All that came out of the function: logs, metrics, results, errors. */
  readonly output: string;
  /** All that must not be in it. */
  readonly secrets: readonly string[];
}

const bundle = withBuiltBundle();
const tables = new Map<string, TableTrial>();

beforeAll(async () => {
  await Promise.all(
    Object.entries(TABLES).map(async ([name, rows]) => tables.set(name, await tryTable(rows))),
  );
});

describe.each(Object.entries(TABLES))("%s", (table, rows) => {
  test.each(rows)(
    "$name fails as $code, and the next check recovers",
    ({ name, code, isStored }) => {
      const trial = tables.get(table)?.trials.get(name);
      expect(trial).toMatchObject({
        failed: { outcome: "failed", error: { code } },
        mended: { outcome: "renewed" },
      });
      const { message = "" } = trial?.failed?.error ?? {};
      expectMessage(message);
      expect(message).toContain(trial?.failed?.accountId);
      // What to do comes after what failed.
      expect(message).toMatch(/[.:] [A-Z{].+$/);

      const [good, wrong, mended] = trial?.tokens ?? [];
      expect(good).toMatch(/^eyJ/);
      if (isStored) expect(wrong).not.toBe(good);
      else expect([wrong, trial?.writes]).toEqual([good, 0]);
      expect(mended).toMatch(/^eyJ/);
      expect(mended).not.toBe(good);
    },
  );

  test("no part of a secret, a token or a reply is shown", () => {
    const { output = "", secrets = [] } = tables.get(table) ?? {};
    expect(output).toContain("whatToDo");
    expect(secrets.length).toBeGreaterThan(rows.length);
    expect(leaksIn(output, secrets)).toEqual([]);
  });
});

async function tryTable(rows: readonly BadInput[]): Promise<TableTrial> {
  await using stack = new AsyncDisposableStack();
  const clock = new VirtualClock();
  const aws = stack.adopt(await AwsStandIn.start({ now: clock.now }), (server) => server.close());
  const dintero = stack.adopt(await DinteroStandIn.start({ now: clock.now }), (server) =>
    server.close(),
  );
  const accountIds = accountIdsOf(rows.length);
  const sandbox = stack.adopt(
    await Sandbox.deploy({ accountIds, bundleUrl: bundle.hastyUrl, clock, aws, dintero }),
    (deployed) => deployed.close(),
  );
  const deployment: Deployment = { aws, dintero, sandbox };
  const enterCredentials = () =>
    Promise.all(accountIds.map((accountId) => sandbox.enterCredentials(accountId, API_CLIENT)));
  const check = async (event = {}) => {
    const invocation = await sandbox.check(event);
    const tokens = await Promise.all(accountIds.map((accountId) => sandbox.readToken(accountId)));
    return { invocation, tokens };
  };
  const arrange = (step: "arrange" | "mend") =>
    Promise.all(rows.map((row, index) => row[step]?.(deployment, accountIds[index] ?? "")));

  await enterCredentials();
  const good = await check();
  clock.advance(NINE_HOURS_MS);
  await arrange("arrange");
  aws.calls.length = 0;
  const wrong = await check(rows === SILENCE ? IMPATIENT : {});
  const writes = aws.calls.filter(({ operation, error }) => operation === "PutParameter" && !error);

  dintero.clearFaults();
  aws.clearFaults();
  await arrange("mend");
  await enterCredentials();
  // By force, because a Retry-After is honoured otherwise.
  const mended = await check({ accounts: accountIds, force: true });

  const invocations = [good, wrong, mended].map(({ invocation }) => invocation);
  return {
    trials: new Map(
      rows.map(({ name }, index) => [
        name,
        {
          failed: wrong.invocation.result?.accounts[index],
          mended: mended.invocation.result?.accounts[index],
          tokens: [good.tokens[index], wrong.tokens[index], mended.tokens[index]],
          writes: writes.filter(({ input }) =>
            String(input["Name"]).includes(`/${accountIds[index]}/`),
          ).length,
        },
      ]),
    ),
    output: invocations
      .map((invocation) => invocation.output + JSON.stringify(invocation))
      .join(""),
    secrets: [
      SECRET_CANARY,
      TOKEN_CANARY,
      BODY_CANARY,
      Buffer.from(`${API_CLIENT.client_id}:${SECRET_CANARY}`).toString("base64"),
      ...dintero.requests.flatMap(({ token }) => token || []),
    ],
  };
}
