/**
 * The policies of the pipeline's roles are enough for every resource that the program registers, and
 * no more.
 */
import { beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { PROJECT_NAME } from "../../lambda/contract.ts";
import { computedProperties, TEST_PLACE } from "../../proof/local/pulumi/computed-properties.ts";
import type { RegisteredResource } from "../../proof/local/pulumi/recording-monitor.ts";
import { runProgram } from "../../proof/local/pulumi/resource-monitor.ts";
import { ROOT, readDocument } from "./documents.ts";
import { ALL, DEPLOY, may, OUR_TAG, PREVIEW } from "./pipeline-roles.ts";
import { PROVIDER_CALLS } from "./provider-calls.ts";

const { awsAccountId: accountId, region } = TEST_PLACE;

let resources: readonly RegisteredResource[];
beforeAll(async () => {
  const project = parse(readDocument("Pulumi.yaml"));
  const run = await runProgram({
    directory: ROOT,
    main: project.main,
    project: project.name,
    stack: "prod",
    config: {
      "aws:region": region,
      environment: "production",
      accounts: '["P12345678","P123"]',
      alarmEmails: '["on-call@example.com"]',
      alarmTopicArn: "",
      logRetentionDays: "30",
    },
    invokes: {
      "aws:index/getCallerIdentity:getCallerIdentity": { accountId },
      "aws:index/getPartition:getPartition": { partition: TEST_PLACE.partition },
      "aws:index/getRegion:getRegion": { region },
    },
  });
  expect({ status: run.status, logs: run.logs }).toEqual({ status: 0, logs: [] });
  resources = run.resources.filter(({ custom, type }) => custom && type in PROVIDER_CALLS);
  const types = run.resources.filter(({ type }) => type.startsWith("aws:")).map(({ type }) => type);
  expect([...new Set(types)].sort()).toEqual(Object.keys(PROVIDER_CALLS).sort());
});

/** The ARN that a permission for the resource's calls is limited by. */
function arnOf(resource: RegisteredResource): string {
  const named = PROVIDER_CALLS[resource.type]?.of?.(resource);
  const target = named === undefined ? resource : resources.find((it) => isNamed(it, named));
  if (!target) throw new Error(`nothing registered is called ${named}`);
  const computed = computedProperties(target, TEST_PLACE);
  const arn = computed["arn"] ?? computed["dashboardArn"];
  if (!arn) throw new Error(`${target.urn} has no ARN`);
  return arn;
}

function isNamed(resource: RegisteredResource, named: string): boolean {
  const computed = computedProperties(resource, TEST_PLACE);
  const identifies = resource.type !== "aws:iam/rolePolicy:RolePolicy" && "arn" in computed;
  return identifies && [computed.id, computed["name"], computed["arn"]].includes(named);
}

/** As AWS would fill it for a call on this resource. */
function contextOf(resource: RegisteredResource): Record<string, string> {
  return {
    ...(resource.type.startsWith("aws:kms/") && OUR_TAG),
    ...(typeof resource.inputs["policyArn"] === "string" && {
      "iam:PolicyARN": resource.inputs["policyArn"],
    }),
  };
}

describe("For each resource that the program registers", () => {
  const calls = (resource: RegisteredResource) => {
    const found = PROVIDER_CALLS[resource.type];
    if (!found) throw new Error(`${resource.type} is not in the table`);
    return found;
  };

  test("a preview may read it, and may not change it", () => {
    for (const resource of resources) {
      const { reads, writes } = calls(resource);
      const ask = (action: string) => may(PREVIEW, action, arnOf(resource), contextOf(resource));
      expect([resource.type, reads.filter((action) => !ask(action))]).toEqual([resource.type, []]);
      expect([resource.type, writes.filter(ask)]).toEqual([resource.type, []]);
    }
  });

  test("a deployment may make, read, change and delete it", () => {
    for (const resource of resources) {
      const { reads, writes, onAny = [] } = calls(resource);
      const denied = [...reads, ...writes, ...onAny].filter(
        (action) => !may(DEPLOY, action, arnOf(resource), contextOf(resource)),
      );
      expect([resource.type, denied]).toEqual([resource.type, []]);
    }
  });

  test("a deployment may touch no other resource of the kind, by name, Region or tag", () => {
    for (const resource of resources) {
      const { reads, writes } = calls(resource);
      const arn = arnOf(resource);
      const isKey = resource.type.startsWith("aws:kms/");
      // A key has no name of its own: it is told by its tag.
      const foreign = isKey
        ? arn
        : arn.replace(/(tokens|dintero|dintero-token-rotation)([-/])/, "other$2");
      expect(foreign === arn).toBe(isKey);
      const elsewhere = arn.replace(region, "us-east-1");
      const { [Object.keys(OUR_TAG)[0] ?? ""]: _tag, ...withoutTag } = contextOf(resource);
      const allowed = [...reads, ...writes].filter(
        (action) =>
          may(DEPLOY, action, foreign, withoutTag) ||
          (elsewhere !== arn && may(DEPLOY, action, elsewhere, contextOf(resource))),
      );
      expect([resource.type, allowed]).toEqual([resource.type, []]);
    }
  });
});

test("There is no action in the policies that no resource needs", () => {
  const needed = Object.values(PROVIDER_CALLS).flatMap(
    ({ reads, writes, onAny = [], onKey = [], unlimited = [] }) => [
      ...reads,
      ...writes,
      ...onAny,
      ...onKey,
      ...unlimited,
    ],
  );
  const ofState = [
    "kms:Decrypt",
    "s3:DeleteObject",
    "s3:GetObject",
    "s3:ListBucket",
    "s3:PutObject",
  ];
  const granted = ALL.flatMap(({ Action }) => Action);
  expect([...new Set(granted)].sort()).toEqual(
    [...new Set([...needed, ...ofState, "iam:PassRole"])].sort(),
  );
});

test("Every action is named in full, and only those without a resource are for all resources", () => {
  expect(ALL.flatMap(({ Action }) => Action).filter((action) => /[*?]/.test(action))).toEqual([]);
  const unlimited = Object.values(PROVIDER_CALLS).flatMap((calls) => calls.unlimited ?? []);
  const forAll = ALL.filter(({ Resource = [] }) => Resource.includes("*"));
  expect(forAll.flatMap(({ Action }) => Action).sort()).toEqual(
    // Needed on a key that is only being made; the tag in the request limits it.
    [...unlimited, "kms:TagResource"].sort(),
  );
  expect(ALL.every(({ Effect }) => Effect === "Allow")).toBe(true);
});

test("A key can be made, and tagged, only with the stack's tag; its alias has the project's name", () => {
  const made = ALL.find(({ Action }) => Action.includes("kms:CreateKey"));
  const tag = { "aws:RequestTag/ManagedBy": [PROJECT_NAME] };
  expect(made).toMatchObject({ Resource: ["*"], Condition: { StringEquals: tag } });
  const key = resources.find(({ type }) => type === "aws:kms/key:Key");
  expect(key?.inputs["tags"]).toMatchObject({ ManagedBy: PROJECT_NAME });

  const alias = resources.find(({ type }) => type === "aws:kms/alias:Alias");
  const prefix = String(alias?.inputs["namePrefix"]);
  const named = ALL.find(({ Action }) => Action.includes("kms:CreateAlias"));
  expect(named?.Resource).toContain(`arn:aws:kms:${region}:${accountId}:${prefix}*`);
});
