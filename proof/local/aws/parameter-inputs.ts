/**
 * The inputs of the Parameter Store operations, with the constraints of AWS's API model:
 * https://github.com/boto/botocore/blob/develop/botocore/data/ssm/2014-11-06/service-2.json.
 * Used by `parameter-store.ts`.
 */
import * as v from "valibot";
import { list, text } from "./aws-operation.ts";

const Name = text({ min: 1, max: 2048 });

const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

const Tag = v.object({
  Key: text({ min: 1, max: 128, pattern: TAG_TEXT }),
  Value: text({ max: 256, pattern: TAG_TEXT }),
});

const ResourceType = v.picklist([
  "Document",
  "ManagedInstance",
  "MaintenanceWindow",
  "Parameter",
  "PatchBaseline",
  "OpsItem",
  "OpsMetadata",
  "Automation",
  "Association",
]);

/** `Value`'s minimum is the service's own: https://github.com/getmoto/moto/blob/master/moto/ssm/models.py */
export const PutParameterInput = v.object({
  Name,
  Description: v.optional(text({ max: 1024 })),
  Value: text({ min: 1 }),
  Type: v.optional(v.picklist(["String", "StringList", "SecureString"])),
  KeyId: v.optional(text({ min: 1, max: 256, pattern: /^([a-zA-Z0-9:/_-]+)$/ })),
  Overwrite: v.optional(v.boolean(), false),
  AllowedPattern: v.optional(text({ max: 1024 })),
  Tags: v.optional(list(Tag, { max: 1000 })),
  Tier: v.optional(v.picklist(["Standard", "Advanced", "Intelligent-Tiering"])),
  Policies: v.optional(text({ min: 1, max: 4096 })),
  DataType: v.optional(text({ max: 128 })),
});

export const GetParameterInput = v.object({
  Name,
  WithDecryption: v.optional(v.boolean(), false),
});

export const GetParametersInput = v.object({
  Names: list(Name, { min: 1, max: 10 }),
  WithDecryption: v.optional(v.boolean(), false),
});

export const DeleteParameterInput = v.object({ Name });

export const LabelParameterVersionInput = v.object({
  Name,
  ParameterVersion: v.optional(v.pipe(v.number(), v.integer())),
  Labels: list(text({ min: 1, max: 100 }), { min: 1, max: 10 }),
});

export const ListTagsForResourceInput = v.object({ ResourceType, ResourceId: text({}) });

export const AddTagsToResourceInput = v.object({
  ResourceType,
  ResourceId: text({}),
  Tags: list(Tag, { max: 1000 }),
});
