/** The component as it would be created, for tests of what the stack holds. */
import type { Place } from "../../infra/access.ts";
import { TokenRotation } from "../../infra/token-rotation.ts";
import type { TokenRotationArgs } from "../../infra/token-rotation-args.ts";
import { TEST_PLACE } from "../../proof/local/pulumi/computed-properties.ts";
import { FakeEngine } from "../support/fake-engine.ts";

export interface RenderedStack {
  readonly engine: FakeEngine;
  readonly rotation: TokenRotation;
}

type Differences = Partial<TokenRotationArgs> & {
  readonly preview?: boolean;
  readonly place?: Place;
};

/** By what they differ in: a test file asks for the same stack again and again. */
const rendered = new Map<string, Promise<RenderedStack>>();

export function renderStack(differences: Differences = {}): Promise<RenderedStack> {
  const key = JSON.stringify(differences);
  const stack = rendered.get(key) ?? render(differences);
  rendered.set(key, stack);
  return stack;
}

async function render({
  preview = false,
  place = TEST_PLACE,
  ...args
}: Differences): Promise<RenderedStack> {
  const engine = await FakeEngine.start({ preview, place });
  const rotation = new TokenRotation("tokens", {
    environment: "test",
    accounts: ["T12345678"],
    alarmEmails: ["on-call@example.com"],
    logRetentionDays: 30,
    ...args,
  });
  await engine.settle();
  return { engine, rotation };
}
