/** The workflow of docs/pipeline.md, and the trust that AWS has in it. */
import { describe, expect, test } from "@jest/globals";
import * as v from "valibot";
import { parse } from "yaml";
import { blocks, readDocument } from "./documents.ts";

const DOCUMENT = readDocument("docs/pipeline.md");

const Step = v.object({
  uses: v.optional(v.string()),
  run: v.optional(v.string()),
  with: v.optional(v.record(v.string(), v.unknown())),
  env: v.optional(v.record(v.string(), v.string())),
});
const Job = v.object({
  if: v.optional(v.string()),
  needs: v.optional(v.string()),
  environment: v.optional(v.string()),
  concurrency: v.optional(v.string()),
  permissions: v.record(v.string(), v.string()),
  "timeout-minutes": v.number(),
  steps: v.array(Step),
});
const Workflow = v.object({
  on: v.record(v.string(), v.unknown()),
  permissions: v.strictObject({}),
  env: v.record(v.string(), v.string()),
  jobs: v.record(v.string(), Job),
});

const textOf = (name: string) =>
  blocks(DOCUMENT, "yaml").find((block) => block.startsWith(`name: ${name}\n`)) ?? "";
const text = textOf("deploy");
const workflow = v.parse(Workflow, parse(text));
const {
  preview,
  test: deployTest,
  prod,
} = v.parse(v.object({ preview: Job, test: Job, prod: Job }), workflow.jobs);
const daily = v.parse(Workflow, parse(textOf("status")));
const JOBS = [
  ...Object.entries(workflow.jobs),
  ...Object.entries(daily.jobs).map(([name, job]) => [`${name} of status`, job] as const),
];

const runs = (job: v.InferOutput<typeof Job>) => job.steps.flatMap(({ run }) => run ?? []);
const roleOf = (job: v.InferOutput<typeof Job>) =>
  job.steps.flatMap(({ with: inputs }) => inputs?.["role-to-assume"] ?? []);

describe.each(JOBS)("The job %s", (_, job) => {
  test("may read the repository and ask for an identity, and nothing else", () => {
    expect(job.permissions).toEqual({ contents: "read", "id-token": "write" });
  });

  test("takes its role after all downloads, and just before the role is used", () => {
    const kinds = job.steps.map(
      ({ uses = "", run = "" }) => uses.split("@")[0] || run.split(" -- ")[0],
    );
    expect(kinds.filter((kind) => !kind?.startsWith("pulumi plugin install")).slice(0, 4)).toEqual([
      "actions/checkout",
      "npm ci",
      "pulumi/actions",
      "aws-actions/configure-aws-credentials",
    ]);
    expect(kinds.indexOf("aws-actions/configure-aws-credentials")).toBe(kinds.length - 2);
  });

  test("leaves no credentials of the repository behind, and has a time limit", () => {
    expect(job.steps[0]?.with).toEqual({ "persist-credentials": false });
    expect(job["timeout-minutes"]).toBeLessThanOrEqual(30);
  });

  test("names every action by a commit, with its version beside it", () => {
    for (const { uses } of job.steps) if (uses) expect(uses).toMatch(/@[0-9a-f]{40}$/);
  });
});

test("Every deployment installs the provider's plugin before", () => {
  for (const job of Object.values(workflow.jobs)) {
    expect(runs(job)[1]).toMatch(/^pulumi plugin install resource aws "/);
  }
});

test.each(["deploy", "status"])("The workflow %s stores no secret, and no key of AWS", (name) => {
  const text = textOf(name);
  expect(text).not.toMatch(/secrets[.[]|access-key|AKIA|ACCESS_TOKEN|PASSPHRASE/i);
  const pinned = text.match(/uses: \S+/g)?.length;
  expect(text.match(/uses: \S+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/gm)).toHaveLength(pinned ?? 0);
});

test("The checkout is the one that the project's own check uses", () => {
  const own = readDocument(".github/workflows/check.yml").match(/actions\/checkout@\S+/)?.[0];
  expect(text.match(/actions\/checkout@\S+/g)).toEqual([own, own, own]);
  expect(textOf("status").match(/actions\/checkout@\S+/g)).toEqual([own]);
});

test("A pull request is previewed for both stacks, unless it comes from a fork", () => {
  expect(Object.keys(workflow.on)).toContain("pull_request");
  expect(Object.keys(workflow.on)).not.toContain("pull_request_target");
  expect(preview.if).toContain(
    "github.event.pull_request.head.repo.full_name == github.repository",
  );
  expect(parse(text).jobs.preview.strategy.matrix.include).toEqual([
    { stack: "test", account: `\${{ vars.AWS_ACCOUNT_TEST }}` },
    { stack: "prod", account: `\${{ vars.AWS_ACCOUNT_PROD }}` },
  ]);
  expect(runs(preview).at(-1)).toMatch(/^npm run preview -- --stack /);
  expect(roleOf(preview).join()).toContain(":role/dintero-preview-");
  expect(preview.environment).toBeUndefined();
});

test.each([
  ["test", deployTest],
  ["prod", prod],
])(
  "%s is deployed in its environment, with its own role, one deployment at a time",
  (stack, job) => {
    expect(job.environment).toBe(stack);
    expect(job.concurrency).toBe(`deploy-${stack}`);
    expect(runs(job).at(-1)).toBe(`npm run deploy -- --stack ${stack} --yes`);
    expect(roleOf(job)).toEqual([
      `arn:aws:iam::\${{ vars.AWS_ACCOUNT_${stack.toUpperCase()} }}:role/dintero-deploy-${stack}`,
    ]);
  },
);

test("status runs once a day, from main alone, with a role of its own, and its exit status is the job's", () => {
  const { prod: job, ...others } = daily.jobs;
  if (!job) throw new Error("there is no job");
  expect(others).toEqual({});
  expect(Object.keys(daily.on)).toEqual(["schedule", "workflow_dispatch"]);
  expect(JSON.stringify(daily.on["schedule"])).toMatch(/"\d+ \d+ \* \* \*"/);
  expect(job.if).toBe("github.ref == 'refs/heads/main'");
  expect(job.environment).toBeUndefined();
  expect(runs(job).at(-1)).toBe("npm run --silent ops -- status --json --stack prod");
  expect(roleOf(job)).toEqual([
    `arn:aws:iam::\${{ vars.AWS_ACCOUNT_PROD }}:role/dintero-status-prod`,
  ]);
});

test("prod comes after test, and test from main alone", () => {
  expect(prod.needs).toBe("test");
  expect(deployTest.if).toContain("github.ref == 'refs/heads/main'");
});

// Source: https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
test("A role trusts GitHub for AWS's audience and for one subject, both without wildcards", () => {
  const trust = JSON.parse(readDocument("docs/pipeline/trust.json"));
  expect(trust.Statement).toEqual([
    {
      Effect: "Allow",
      Principal: {
        Federated: "arn:aws:iam::AWS_ACCOUNT:oidc-provider/token.actions.githubusercontent.com",
      },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
          "token.actions.githubusercontent.com:sub": "SUBJECT",
        },
      },
    },
  ]);
});

test("The script binds each role: to pull requests, to an environment, to the branch main", () => {
  const script = readDocument("docs/pipeline/set-up.sh");
  const bound = [...script.matchAll(/^create_role (\S+) (\S+) (.+)$/gm)];
  expect(bound.map(([, ...parts]) => parts)).toEqual([
    ["preview", "pull_request", "state-read read"],
    ["deploy", '"environment:$stack"', "state-read state-write read deploy"],
    ["status", "ref:refs/heads/main", "state-read status"],
  ]);
});
