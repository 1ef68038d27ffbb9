/**
 * A provider in the place of Pulumi's for AWS: it keeps what is made in a file, with plausible ids, ARNs
 * and names. Of the real one it has what the engine sees: inputs come back, a changed name replaces,
 * what is gone cannot be read.
 * Source: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/provider.proto.
 */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import {
  computedProperties,
  type Resource,
  TEST_PLACE,
} from "../../proof/local/pulumi/computed-properties.ts";
import { servePlugin } from "./serve-plugin.ts";

// Pulumi's own copies, which its messages have to be made of.
const requireOfPulumi = createRequire(
  createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"),
);
const { Struct } = requireOfPulumi("google-protobuf/google/protobuf/struct_pb.js");
const { Empty } = requireOfPulumi("google-protobuf/google/protobuf/empty_pb.js");

type Properties = Readonly<Record<string, unknown>>;

const CLOUD = process.env["TEST_CLOUD"] ?? "";
let place = {
  ...TEST_PLACE,
  awsAccountId: process.env["TEST_AWS_ACCOUNT"] ?? TEST_PLACE.awsAccountId,
};

const { promise: cancelled, reject: cancel } = Promise.withResolvers<never>();
cancelled.catch(() => {});

await servePlugin(providerServices.ResourceProviderService, {
  getPluginInfo: async () => new pluginMessages.PluginInfo().setVersion("7.48.0"),
  checkConfig: async (request: messages.CheckRequest) =>
    new messages.CheckResponse().setInputs(request.getNews()),
  diffConfig: async () => new messages.DiffResponse(),
  configure: async (request: messages.ConfigureRequest) => {
    const { region = TEST_PLACE.region } = plain(request.getArgs());
    place = { ...place, region: String(region) };
    return new messages.ConfigureResponse();
  },
  check: async (request: messages.CheckRequest) =>
    new messages.CheckResponse().setInputs(request.getNews()),
  diff: async (request: messages.DiffRequest) => diff(request),
  create: async (request: messages.CreateRequest) => create(request),
  read: async (request: messages.ReadRequest) => read(request),
  update: async (request: messages.UpdateRequest) => {
    const id = request.getId();
    const properties = { ...cloud()[id], ...plain(request.getNews()) };
    store({ ...cloud(), [id]: properties });
    return new messages.UpdateResponse().setProperties(struct(properties));
  },
  delete: async (request: messages.DeleteRequest) => {
    const { [request.getId()]: _, ...others } = cloud();
    store(others);
    return new Empty();
  },
  invoke: async (request: messages.InvokeRequest) => invoke(request),
  cancel: async () => {
    cancel(new Error("The deployment was cancelled."));
    return new Empty();
  },
});

function diff(request: messages.DiffRequest): messages.DiffResponse {
  const [olds, news] = [plain(request.getOldInputs()), plain(request.getNews())];
  const changed = Object.keys({ ...olds, ...news }).filter(
    (key) => !key.startsWith("__") && !isDeepStrictEqual(compared(olds[key]), compared(news[key])),
  );
  const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
  return new messages.DiffResponse()
    .setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList(changed)
    .setReplacesList(changed.filter((key) => /^name(Prefix)?$/.test(key)));
}

/** Of an archive its hash counts, and not where its files are. */
function compared(value: unknown): unknown {
  return typeof value === "object" && value !== null && "hash" in value ? value.hash : value;
}

async function create(request: messages.CreateRequest): Promise<messages.CreateResponse> {
  // urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME
  const [stack = "", , path = "", name = ""] = request
    .getUrn()
    .replace("urn:pulumi:", "")
    .split("::");
  const type = path.split("$").at(-1) ?? "";
  const inputs = plain(request.getProperties());
  const computed = newProperties({ type, name: `${name}-${stack.replaceAll(".", "-")}`, inputs });
  if (cloud()[computed.id] || isNameInUse(inputs["name"], String(computed["arn"]))) {
    throw new Error(`${name} already exists`);
  }
  const properties = { ...inputs, ...computed };
  store({ ...cloud(), [computed.id]: properties });
  // Made, and the engine is not told: as when it is killed meanwhile.
  if (type === process.env["TEST_HANG_AFTER"]) await cancelled;
  return new messages.CreateResponse().setId(computed.id).setProperties(struct(properties));
}

/** As a secret's name, of which the ARN has a random end. */
function isNameInUse(name: unknown, arn: string): boolean {
  const placeOf = (text: unknown) => String(text).split(":").slice(0, 5).join(":");
  return Object.values(cloud()).some(
    (it) => it["name"] === name && name !== undefined && placeOf(it["arn"]) === placeOf(arn),
  );
}

/** With a name that is free, as the real one makes, unless the name is given. */
function newProperties(resource: Resource): ReturnType<typeof computedProperties> {
  const computed = computedProperties(resource, place);
  return cloud()[computed.id] && !resource.inputs["name"]
    ? newProperties({ ...resource, name: `${resource.name}-again` })
    : computed;
}

function read(request: messages.ReadRequest): messages.ReadResponse {
  const properties = cloud()[request.getId()];
  if (!properties) return new messages.ReadResponse();
  const inputs = plain(request.getInputs());
  return new messages.ReadResponse()
    .setId(request.getId())
    .setProperties(struct(properties))
    .setInputs(struct(Object.keys(inputs).length > 0 ? inputs : properties));
}

function invoke(request: messages.InvokeRequest): messages.InvokeResponse {
  const results: Readonly<Record<string, object>> = {
    "aws:index/getCallerIdentity:getCallerIdentity": { accountId: place.awsAccountId },
    "aws:index/getPartition:getPartition": { partition: place.partition },
    "aws:index/getRegion:getRegion": { region: place.region },
  };
  const result = results[request.getTok()];
  if (!result) throw new Error(`Unknown function ${request.getTok()}`);
  return new messages.InvokeResponse().setReturn(struct(result));
}

function cloud(): Readonly<Record<string, Properties>> {
  return JSON.parse(readFileSync(CLOUD, "utf8"));
}

function store(resources: Readonly<Record<string, Properties>>): void {
  writeFileSync(`${CLOUD}.new`, JSON.stringify(resources, null, 1));
  renameSync(`${CLOUD}.new`, CLOUD);
}

function plain(properties: { toJavaScript(): object } | undefined): Properties {
  return { ...properties?.toJavaScript() };
}

function struct(properties: object) {
  return Struct.fromJavaScript(properties);
}
