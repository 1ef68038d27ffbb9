/**
 * Pulumi's engine and provider for tests of components: records what is registered and answers with
 * plausible ids, ARNs and names, in this process. A component is imported statically and made after
 * `start`; a program that registers when it is imported needs `runProgram` instead.
 */
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "../../infra/access.ts";
import { PROJECT_NAME } from "../../lambda/contract.ts";
import {
  computedProperties,
  type Resource,
  TEST_PLACE,
} from "../../proof/local/pulumi/computed-properties.ts";
import { plainProperties } from "../../proof/local/pulumi/plain-value.ts";

export interface FakeEngineOptions {
  /** By key, of this project if the key names none; what is not a string travels as JSON. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly stack?: string;
  /** Ids, ARNs and generated names are then unknown. */
  readonly preview?: boolean;
  readonly place?: Place;
}

export class FakeEngine {
  readonly #registered: Resource[] = [];
  /** Tokens of the provider's functions that were called. */
  readonly invoked: string[] = [];

  /** Replaces Pulumi's engine in this test file, until the next `start`. */
  static async start(options: FakeEngineOptions = {}): Promise<FakeEngine> {
    const { stack = "test", preview = false, place = TEST_PLACE } = options;
    const invokes: Readonly<Record<string, object>> = {
      "aws:index/getCallerIdentity:getCallerIdentity": { accountId: place.awsAccountId },
      "aws:index/getPartition:getPartition": { partition: place.partition },
      "aws:index/getRegion:getRegion": { region: place.region },
    };
    const engine = new FakeEngine();
    await pulumi.runtime.setMocks(
      {
        newResource: (resource) => engine.#register(resource, options),
        call: ({ token }) => {
          engine.invoked.push(token);
          if (invokes[token]) return invokes[token];
          const message = `unexpected provider call ${token}`;
          // Pulumi shows the details alone, as it has them from an engine over gRPC.
          throw Object.assign(new Error(message), { details: message });
        },
      },
      PROJECT_NAME,
      stack,
      preview,
    );
    const config = Object.entries(options.config ?? {}).map(([key, value]) => [
      key.includes(":") ? key : `${PROJECT_NAME}:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    pulumi.runtime.setAllConfig(Object.fromEntries(config));
    return engine;
  }

  /**
   * All resources so far, components included, in the order of registration. Inputs are plain:
   * see `plainValue`. Complete only after {@link settle}.
   */
  get registered(): readonly Resource[] {
    return this.#registered;
  }

  /** Waits until everything that the program has made is registered. */
  async settle(): Promise<void> {
    await pulumi.runtime.disconnect();
  }

  of(type: string): readonly Resource[] {
    return this.#registered.filter((resource) => resource.type === type);
  }

  /** @throws unless there is exactly one. */
  only(type: string): Resource {
    const [resource, ...others] = this.of(type);
    if (resource && others.length === 0) return resource;
    throw new Error(`expected one ${type}, found ${this.of(type).length}`);
  }

  async #register(
    { type, name, inputs, custom }: pulumi.runtime.MockResourceArgs,
    { preview, place = TEST_PLACE }: FakeEngineOptions,
  ): Promise<pulumi.runtime.MockResourceResult> {
    const resource = {
      type,
      name,
      // Back to what travels, because assets arrive as objects that hold promises.
      inputs: plainProperties(await pulumi.runtime.serializeProperties(name, inputs)),
    };
    this.#registered.push(resource);
    // What is missing from the state of a preview is unknown to the program.
    if (!custom || preview) return { id: undefined, state: inputs };
    const { id, ...computed } = computedProperties(resource, place);
    return { id, state: { ...inputs, ...computed } };
  }
}
