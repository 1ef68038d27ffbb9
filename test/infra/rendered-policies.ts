/** The policies of the stack as it would be created, and the things that they name. */
import type { PolicyDocument } from "../../proof/local/iam/policy-evaluator.ts";
import type { Resource } from "../../proof/local/pulumi/computed-properties.ts";
import type { FakeEngine } from "../support/fake-engine.ts";
import { renderStack } from "./rendered-stack.ts";

export interface RenderedPolicies {
  readonly ofFunction: readonly PolicyDocument[];
  /** Of all accounts, then of each. */
  readonly ofConsumers: readonly PolicyDocument[];
  readonly ofSchedule: readonly PolicyDocument[];
  readonly ofKey: PolicyDocument;
  readonly ofTopic: PolicyDocument;
  readonly trustOfFunction: PolicyDocument;
  readonly trustOfSchedule: PolicyDocument;
  readonly keyArn: string;
  readonly functionArn: string;
  readonly topicArn: string;
  readonly scheduleGroupName: string;
  readonly logGroupName: string;
  /** By account, in their order. */
  readonly secretArns: readonly string[];
}

export async function renderPolicies(
  differences: Parameters<typeof renderStack>[0],
): Promise<RenderedPolicies> {
  const { engine, rotation } = await renderStack(differences);
  const document = (type: string, name: string, key = "policy") =>
    policyIn(named(engine, type, name), key);
  const lambda = engine.only("aws:lambda/function:Function").inputs;
  const schedule = engine.only("aws:scheduler/schedule:Schedule").inputs;
  const topic = engine.only("aws:sns/topicPolicy:TopicPolicy");
  return {
    ofFunction: [
      document("aws:iam/rolePolicy:RolePolicy", "tokens-tokens"),
      document("aws:iam/policy:Policy", "tokens-credentials"),
    ],
    ofConsumers: [
      "",
      ...Object.keys(rotation.outputs.consumerPolicyArns).map((id) => `-${id}`),
    ].map((suffix) => document("aws:iam/policy:Policy", `tokens-consumer${suffix}`)),
    ofSchedule: [document("aws:iam/rolePolicy:RolePolicy", "tokens-schedule-policy")],
    ofKey: document("aws:kms/key:Key", "tokens-key"),
    ofTopic: policyIn(topic, "policy"),
    trustOfFunction: document("aws:iam/role:Role", "tokens-role", "assumeRolePolicy"),
    trustOfSchedule: document("aws:iam/role:Role", "tokens-schedule-role", "assumeRolePolicy"),
    keyArn: textAt(lambda, "environment", "variables", "KMS_KEY_ID"),
    functionArn: textAt(schedule, "target", "arn"),
    topicArn: textAt(topic.inputs, "arn"),
    scheduleGroupName: textAt(schedule, "groupName"),
    logGroupName: textAt(lambda, "loggingConfig", "logGroup"),
    secretArns: await Promise.all(
      Object.values(rotation.outputs.credentialsSecretArns).map(
        (arn) => new Promise<string>((resolve) => arn.apply(resolve)),
      ),
    ),
  };
}

function named(engine: FakeEngine, type: string, name: string): Resource {
  const resource = engine.of(type).find((it) => it.name === name);
  if (!resource) throw new Error(`there is no ${type} ${name}`);
  return resource;
}

function policyIn({ inputs }: Resource, key: string): PolicyDocument {
  const value = inputs[key];
  return JSON.parse(typeof value === "string" ? value : JSON.stringify(value));
}

function textAt(inputs: unknown, ...path: string[]): string {
  const value = path.reduce<unknown>(
    (at, key) => Object.entries(at ?? {}).find(([name]) => name === key)?.[1],
    inputs,
  );
  if (typeof value !== "string") throw new Error(`there is no text at ${path.join(".")}`);
  return value;
}
