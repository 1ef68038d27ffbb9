/**
 * SSM Parameter Store: the operations on parameters, their versions and tags, in memory.
 *
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html and its
 * neighbours
 */
import * as v from "valibot";
import { AwsError } from "./aws-error.ts";
import { type Operation, type OperationContext, operation } from "./aws-operation.ts";
import type { KeyManagement } from "./key-management.ts";
import { ParameterKeys } from "./parameter-keys.ts";
import { chooseTier, chooseType, type ParameterType, type Tier } from "./parameter-rules.ts";

const WithDecryption = v.optional(v.boolean(), false);

const PutParameterInput = v.strictObject({
  Name: v.string(),
  Value: v.string(),
  Type: v.optional(v.picklist(["String", "SecureString"])),
  KeyId: v.optional(v.string()),
  Overwrite: v.optional(v.boolean(), false),
  Tags: v.optional(v.array(v.strictObject({ Key: v.string(), Value: v.string() }))),
  Tier: v.optional(v.picklist(["Standard", "Advanced", "Intelligent-Tiering"])),
});

const GetParameterInput = v.strictObject({ Name: v.string(), WithDecryption });

const GetParametersInput = v.strictObject({
  // The limits of the API: ten names, none of them twice.
  Names: v.pipe(
    v.array(v.string()),
    v.minLength(1),
    v.maxLength(10),
    v.check((names) => new Set(names).size === names.length),
  ),
  WithDecryption,
});

const DeleteParameterInput = v.strictObject({ Name: v.string() });

const LabelParameterVersionInput = v.strictObject({
  Name: v.string(),
  ParameterVersion: v.number(),
  Labels: v.array(v.string()),
});

const ListTagsForResourceInput = v.strictObject({
  ResourceType: v.literal("Parameter"),
  ResourceId: v.string(),
});

/** The oldest version goes when there are more. */
const MAX_VERSIONS = 100;

/** The parameters of one account and Region. */
export class ParameterStore {
  readonly operations = new Map<string, Operation>([
    ["PutParameter", operation(PutParameterInput, this.#put.bind(this))],
    ["GetParameter", operation(GetParameterInput, this.#get.bind(this))],
    ["GetParameters", operation(GetParametersInput, this.#getMany.bind(this))],
    ["DeleteParameter", operation(DeleteParameterInput, this.#delete.bind(this))],
    ["LabelParameterVersion", operation(LabelParameterVersionInput, this.#label.bind(this))],
    ["ListTagsForResource", operation(ListTagsForResourceInput, this.#listTags.bind(this))],
  ]);

  readonly #arnPrefix: string;
  readonly #keys: ParameterKeys;
  readonly #now: () => number;
  readonly #parameters = new Map<string, Parameter>();
  /** Names that a PutParameter is in work on. */
  readonly #beingWritten = new Set<string>();

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
    this.#beingWritten.clear();
  }

  async #put(input: v.InferOutput<typeof PutParameterInput>, context: OperationContext) {
    if (this.#beingWritten.has(input.Name)) {
      throw new AwsError("TooManyUpdates", "There are concurrent updates of the parameter.");
    }
    this.#beingWritten.add(input.Name);
    try {
      await context.writesUntil;
      return this.#write(input, context);
    } finally {
      this.#beingWritten.delete(input.Name);
    }
  }

  #write(input: v.InferOutput<typeof PutParameterInput>, context: OperationContext) {
    const { Name, Value, Overwrite, Tags } = input;
    if (Overwrite && Tags) {
      throw new AwsError("ValidationException", "tags and overwrite can't be used together.");
    }
    const existing = this.#parameters.get(Name);
    if (existing && !Overwrite) {
      throw new AwsError("ParameterAlreadyExists", "The parameter already exists.");
    }
    const versions = existing?.versions ?? [];
    const previous = versions.at(-1);
    const type = chooseType(input.Type, previous?.type);
    if (input.KeyId && type !== "SecureString") {
      throw new AwsError("ValidationException", "KeyId is for the SecureString type only.");
    }
    const tier = chooseTier(Value, input.Tier, previous?.tier);
    if (versions.length >= MAX_VERSIONS && versions[0]?.isLabelled) {
      throw new AwsError("ParameterMaxVersionLimitExceeded", "The oldest version has a label.");
    }
    versions.push({
      number: (previous?.number ?? 0) + 1,
      type,
      value: Value,
      tier,
      modifiedMs: this.#now(),
      isLabelled: false,
      ...(type === "SecureString" && {
        keyArn: this.#keys.encrypt(this.#arnPrefix + Name, tier, input.KeyId, context),
      }),
    });
    if (versions.length > MAX_VERSIONS) versions.shift();
    this.#parameters.set(Name, { versions, tags: existing?.tags ?? Tags ?? [] });
    return { Version: versions.at(-1)?.number, Tier: tier };
  }

  #get(input: v.InferOutput<typeof GetParameterInput>, context: OperationContext) {
    return { Parameter: this.#read(input.Name, input.WithDecryption, context) };
  }

  // AWS promises no order, so the one here is the reverse: nobody may count on theirs. A key that
  // cannot be used fails the call.
  #getMany(input: v.InferOutput<typeof GetParametersInput>, context: OperationContext) {
    const isThere = (name: string) => this.#parameters.has(name);
    return {
      Parameters: input.Names.filter(isThere)
        .reverse()
        .map((name) => this.#read(name, input.WithDecryption, context)),
      InvalidParameters: input.Names.filter((name) => !isThere(name)),
    };
  }

  #read(name: string, withDecryption: boolean, context: OperationContext) {
    const version = this.#existing(name).versions.at(-1);
    const arn = this.#arnPrefix + name;
    if (version?.keyArn && withDecryption) this.#keys.decrypt(arn, version.keyArn, context);
    return {
      Name: name,
      Type: version?.type,
      Value: version?.keyArn && !withDecryption ? "AQICAH+ciphertext" : version?.value,
      Version: version?.number,
      LastModifiedDate: (version?.modifiedMs ?? 0) / 1000,
      ARN: arn,
      DataType: "text",
    };
  }

  #delete({ Name }: v.InferOutput<typeof DeleteParameterInput>) {
    this.#existing(Name);
    this.#parameters.delete(Name);
    return {};
  }

  #label(input: v.InferOutput<typeof LabelParameterVersionInput>) {
    const { versions } = this.#existing(input.Name);
    const version = versions.find(({ number }) => number === input.ParameterVersion);
    if (!version) throw new AwsError("ParameterVersionNotFound");
    version.isLabelled = true;
    return { InvalidLabels: [], ParameterVersion: version.number };
  }

  #listTags({ ResourceId }: v.InferOutput<typeof ListTagsForResourceInput>) {
    return { TagList: this.#existing(ResourceId).tags };
  }

  #existing(name: string): Parameter {
    const parameter = this.#parameters.get(name);
    if (!parameter) throw new AwsError("ParameterNotFound");
    return parameter;
  }
}

interface Parameter {
  /** Oldest first, never empty. */
  readonly versions: ParameterVersion[];
  readonly tags: readonly { Key: string; Value: string }[];
}

/** One value that a parameter had or has. */
interface ParameterVersion {
  readonly number: number;
  readonly type: ParameterType;
  readonly value: string;
  readonly tier: Tier;
  readonly modifiedMs: number;
  isLabelled: boolean;
  /** The key that a SecureString is encrypted under. */
  readonly keyArn?: string;
}
