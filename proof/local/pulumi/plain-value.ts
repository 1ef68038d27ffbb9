/**
 * Property values as they travel between a Pulumi program and the engine, made plain, so that tests
 * can compare them.
 */
import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/**
 * The value without Pulumi's wrappers: a secret as what it holds, a resource as its id or URN, a
 * text asset as `{ sha256 }`, a file as `{ path }`, an archive as `{ assets }` by name. What a preview does not know is
 * `pulumi.runtime.unknownValue`.
 * Source: https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/rpc.ts, `serializeProperty`.
 * @throws for anything else, such as a remote asset: no program here has one.
 */
export function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue);
  if (!isObject(value)) return value;
  const signature = value[pulumi.runtime.specialSigKey];
  switch (signature) {
    case undefined:
      return plainProperties(value);
    case pulumi.runtime.specialSecretSig:
      return plainValue(value["value"]);
    case pulumi.runtime.specialResourceSig:
      return value["id"] ?? value["urn"];
    case pulumi.runtime.specialAssetSig:
      if (typeof value["text"] === "string") return { sha256: sha256(value["text"]) };
      if (typeof value["path"] === "string") return { path: value["path"] };
      break;
    case pulumi.runtime.specialArchiveSig:
      if (isObject(value["assets"])) return { assets: plainProperties(value["assets"]) };
  }
  throw new Error(`a property of a kind that tests do not know: ${JSON.stringify(value)}`);
}

/** {@link plainValue} of each property. */
export function plainProperties(
  properties: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, plainValue(value)]),
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
