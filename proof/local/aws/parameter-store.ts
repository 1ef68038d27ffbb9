/**
 * SSM Parameter Store: the operations on parameters, their versions, labels and tags, in memory.
 * Called by `aws-stand-in.ts`. Names, values and tiers are judged by `parameter-rules.ts`, the
 * moving of labels is in `parameter-versions.ts`.
 *
 * Reference: https://docs.aws.amazon.com/systems-manager/latest/APIReference/Welcome.html; where
 * a message is not documented there, its wording follows
 * https://github.com/getmoto/moto/blob/master/moto/ssm/models.py.
 */
import type { InferOutput } from "valibot";
import { AwsError } from "./aws-error.ts";
import { type Operation, type OperationContext, operation } from "./aws-operation.ts";
import type { KeyManagement } from "./key-management.ts";
import * as inputs from "./parameter-inputs.ts";
import { ParameterKeys } from "./parameter-keys.ts";
import {
  checkName,
  checkValue,
  chooseTier,
  chooseType,
  isLabel,
  isWellFormed,
  withTags,
} from "./parameter-rules.ts";
import { type ParameterVersion, ParameterVersions } from "./parameter-versions.ts";

/** The parameters of one account and Region. */
export class ParameterStore {
  readonly operations = new Map<string, Operation>([
    ["PutParameter", operation(inputs.PutParameterInput, this.#put.bind(this))],
    ["GetParameter", operation(inputs.GetParameterInput, this.#get.bind(this))],
    ["GetParameters", operation(inputs.GetParametersInput, this.#getMany.bind(this))],
    ["DeleteParameter", operation(inputs.DeleteParameterInput, this.#delete.bind(this))],
    ["LabelParameterVersion", operation(inputs.LabelParameterVersionInput, this.#label.bind(this))],
    ["ListTagsForResource", operation(inputs.ListTagsForResourceInput, this.#listTags.bind(this))],
    ["AddTagsToResource", operation(inputs.AddTagsToResourceInput, this.#addTags.bind(this))],
  ]);

  readonly #arnPrefix: string;
  readonly #keys: ParameterKeys;
  readonly #now: () => number;
  readonly #parameters = new Map<string, Parameter>();

  constructor(options: {
    place: { region: string; accountId: string };
    keys: KeyManagement;
    now: () => number;
  }) {
    const { region, accountId } = options.place;
    this.#arnPrefix = `arn:aws:ssm:${region}:${accountId}:parameter`;
    this.#keys = new ParameterKeys(options.keys);
    this.#now = options.now;
  }

  /** Forgets all parameters. */
  clear(): void {
    this.#parameters.clear();
  }

  #put(input: InferOutput<typeof inputs.PutParameterInput>, context: OperationContext) {
    const name = input.Name.trim();
    const arn = this.#arn(name);
    refuseWhatIsNotPlayed(input);
    checkName(name, arn);
    checkValue(input.Value);
    if (input.Overwrite && input.Tags) {
      throw new AwsError(
        "ValidationException",
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
      );
    }
    const existing = this.#parameters.get(name);
    if (existing && !input.Overwrite) {
      throw new AwsError(
        "ParameterAlreadyExists",
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
      );
    }
    const previous = existing?.versions.last;
    const type = chooseType(input.Type, previous?.type);
    if (input.KeyId && type !== "SecureString") {
      throw new AwsError(
        "ValidationException",
        "KeyId is required for SecureString type parameter only.",
      );
    }
    const tier = chooseTier(input.Value, input.Tier, previous?.tier);
    const tags = withTags(new Map(), input.Tags ?? []);
    existing?.versions.checkRoom();
    const version: ParameterVersion = {
      number: (previous?.number ?? 0) + 1,
      type,
      value: input.Value,
      tier,
      modifiedMs: this.#now(),
      labels: new Set(),
      ...(type === "SecureString" && {
        encryption: this.#keys.encrypt(arn, tier, input.KeyId, context),
      }),
    };
    const parameter = existing ?? { versions: new ParameterVersions(name), tags };
    parameter.versions.add(version);
    this.#parameters.set(name, parameter);
    return { Version: version.number, Tier: tier };
  }

  #get(input: InferOutput<typeof inputs.GetParameterInput>, context: OperationContext) {
    return { Parameter: this.#read(input.Name, input.WithDecryption, context) };
  }

  // A malformed name counts as an invalid parameter, a key that cannot be used fails the call:
  // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html. AWS
  // promises no order, so the one here is the reverse: nobody may count on theirs.
  #getMany(input: InferOutput<typeof inputs.GetParametersInput>, context: OperationContext) {
    if (new Set(input.Names).size < input.Names.length) {
      throw new AwsError(
        "ValidationException",
        "Invalid request: duplicate parameter names are not allowed.",
      );
    }
    const found: Record<string, unknown>[] = [];
    const invalid: string[] = [];
    for (const name of input.Names) {
      try {
        found.unshift(this.#read(name, input.WithDecryption, context));
      } catch (error) {
        if (!(error instanceof AwsError) || error.type === "InvalidKeyId") throw error;
        invalid.push(name);
      }
    }
    return { Parameters: found, InvalidParameters: invalid };
  }

  #read(reference: string, withDecryption: boolean, context: OperationContext) {
    const { name, selector } = this.#parse(reference);
    const version = this.#existing(name).versions.select(selector);
    const { encryption } = version;
    if (encryption && withDecryption) {
      this.#keys.decrypt(this.#arn(name), encryption.keyArn, context);
    }
    return {
      Name: name,
      Type: version.type,
      Value: encryption && !withDecryption ? encryption.ciphertext : version.value,
      Version: version.number,
      ...(selector !== undefined && { Selector: `:${selector}` }),
      LastModifiedDate: version.modifiedMs / 1000,
      ARN: this.#arn(name),
      DataType: "text",
    };
  }

  // "name", "name:version", "name:label", and the same after the ARN's prefix.
  #parse(reference: string): { name: string; selector: string | undefined } {
    let rest = reference.trim();
    if (rest.startsWith(`${this.#arnPrefix}/`)) {
      const name = rest.slice(this.#arnPrefix.length);
      rest = this.#parameters.has(name.split(":")[0] ?? "") ? name : name.slice(1);
    }
    const [name = "", selector, ...more] = rest.split(":");
    if (!isWellFormed(name) || more.length > 0 || (name.includes("/") && !name.startsWith("/"))) {
      throw new AwsError(
        "ValidationException",
        `Invalid parameter name. Please use correct syntax for referencing a version/label  <name>:<version/label>. If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_`,
      );
    }
    return { name, selector };
  }

  #existing(name: string): Parameter {
    const parameter = this.#parameters.get(name);
    // Without a message, as the service: https://github.com/vandium-io/aws-param-store/pull/8
    if (!parameter) throw new AwsError("ParameterNotFound");
    return parameter;
  }

  #delete(input: InferOutput<typeof inputs.DeleteParameterInput>) {
    this.#existing(input.Name);
    this.#parameters.delete(input.Name);
    return {};
  }

  #label(input: InferOutput<typeof inputs.LabelParameterVersionInput>) {
    const { versions } = this.#existing(input.Name);
    const number = versions.label(input.Labels.filter(isLabel), input.ParameterVersion);
    return {
      InvalidLabels: input.Labels.filter((label) => !isLabel(label)),
      ParameterVersion: number,
    };
  }

  #listTags(input: InferOutput<typeof inputs.ListTagsForResourceInput>) {
    const { tags } = this.#resource(input);
    return { TagList: [...tags].map(([Key, Value]) => ({ Key, Value })) };
  }

  #addTags(input: InferOutput<typeof inputs.AddTagsToResourceInput>) {
    const parameter = this.#resource(input);
    parameter.tags = withTags(parameter.tags, input.Tags);
    return {};
  }

  #resource(input: { ResourceType: string; ResourceId: string }): Parameter {
    const parameter = this.#parameters.get(input.ResourceId);
    if (input.ResourceType === "Parameter" && parameter) return parameter;
    throw new AwsError("InvalidResourceId", "Invalid Resource Id");
  }

  #arn(name: string): string {
    return `${this.#arnPrefix}${name.startsWith("/") ? "" : "/"}${name}`;
  }
}

interface Parameter {
  /** Never empty. */
  versions: ParameterVersions;
  tags: Map<string, string>;
}

function refuseWhatIsNotPlayed(input: InferOutput<typeof inputs.PutParameterInput>): void {
  const plain = input.DataType === undefined || input.DataType === "text";
  if (input.Policies === undefined && input.AllowedPattern === undefined && plain) return;
  throw new AwsError(
    "ValidationException",
    "The stand-in plays no Policies, no AllowedPattern and no DataType but text.",
  );
}
