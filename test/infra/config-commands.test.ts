import { describe, expect, test } from "@jest/globals";
import { configFaults } from "../../infra/config.ts";
import type { ConfigFault } from "../../infra/config-fault.ts";
import { MAX_ACCOUNTS } from "../../lambda/contract.ts";
import { accountIdsOf } from "../../proof/account-ids.ts";

describe("Several faults", () => {
  test("are reported in one list, in the order of the keys and of their entries", () => {
    const faults = configFaults(
      {
        environment: "production",
        accounts: ["P12345678", "T12345678", "12345678"],
        alarmEmails: ["a@b.no", "nobody"],
        alarmTopicArn: "arn:aws:sns:eu-north-1:123456789012:on-call",
        logRetentionDays: 0,
      },
      "eu-west-1",
    );
    expect(faults.map(({ fault }) => fault.split(/[: ]/)[0])).toEqual([
      "accounts[1]",
      "accounts[2]",
      "alarmEmails[1]",
      "alarmTopicArn",
      "logRetentionDays",
    ]);
  });

  test("in an empty configuration: one for each required setting", () => {
    const nothing = {
      environment: "",
      accounts: [],
      alarmEmails: [],
      logRetentionDays: Number.NaN,
    };
    expect(configFaults(nothing, undefined).map(({ fix }) => fix)).toEqual([
      "pulumi config set environment test",
      "pulumi config set --path 'accounts[0]' T12345678",
      "pulumi config set --path 'alarmEmails[0]' on-call@example.com",
      "pulumi config set logRetentionDays 90",
    ]);
  });

  test.each([
    ["a double before a wrong form", ["T12345678", "T12345678", "12345678"]],
    ["two doubles", ["T12345678", "T12345678", "T12345678"]],
    ["a wrong form twice", ["12345678", "12345678", "T123"]],
    ["another environment's twice", ["P12345678", "P12345678"]],
    ["two too many", accountIdsOf(MAX_ACCOUNTS + 2)],
    ["a double among too many", ["T10000001", ...accountIdsOf(MAX_ACCOUNTS + 1)]],
  ])("of accounts are fixed by running their commands one after the other: %s", (_, accounts) => {
    const fixed = faultsOf(accounts).reduce(runCommand, accounts);
    expect(faultsOf(fixed)).toEqual([]);
  });
});

function faultsOf(accounts: readonly string[]): ConfigFault[] {
  const others = {
    environment: "test",
    alarmEmails: ["on-call@example.com"],
    logRetentionDays: 30,
  };
  return configFaults({ ...others, accounts }, "eu-north-1");
}

/**
 * The list after `pulumi config set --path` or `rm --path`; what is set is unlike every other.
 * Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/config/object.go
 */
function runCommand(accounts: readonly string[], { fix }: ConfigFault): string[] {
  const [, verb, position] = /^pulumi config (set|rm) --path 'accounts\[(\d+)\]'/.exec(fix) ?? [];
  const index = Number(position);
  if (verb === "rm") return accounts.toSpliced(index, 1);
  if (verb === "set") return accounts.toSpliced(index, 1, `T2000000${index}`);
  throw new Error(`no command for a list of accounts: ${fix}`);
}
