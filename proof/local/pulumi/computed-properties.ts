/**
 * What AWS would report of a resource once it is made: its id, ARN and physical name, derived from
 * the resource's name, so that two runs give the same.
 */
import { createHash } from "node:crypto";
import type { Place } from "../../../infra/access.ts";

/** Where resources are made by default. */
export const TEST_PLACE: Place = {
  partition: "aws",
  region: "eu-north-1",
  awsAccountId: "123456789012",
};

export interface Resource {
  /** Pulumi's type token, such as `aws:kms/key:Key`. */
  readonly type: string;
  /** The name in the program. */
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/**
 * The properties that the provider would add to the inputs, `id` among them. Types that no program
 * here reads more of have an id alone.
 * Source of ids and names: the import sections of the Pulumi registry, https://www.pulumi.com/registry/packages/aws/api-docs/,
 * and https://www.pulumi.com/docs/iac/concepts/resources/names/; of ARNs: the Service Authorization
 * Reference, https://docs.aws.amazon.com/service-authorization/latest/reference/.
 */
export function computedProperties(
  resource: Resource,
  place: Place,
): Record<string, string> & { readonly id: string } {
  const physicalName = physicalNameOf(resource);
  return (
    COMPUTED[resource.type]?.({
      ...resource,
      physicalName,
      arn: (service, rest) => arnOf(place, service, rest),
    }) ?? { id: physicalName }
  );
}

/** Pulumi appends seven hex digits to the name in the program if the inputs have no name. */
function physicalNameOf(resource: Resource): string {
  const { name, namePrefix } = resource.inputs;
  if (typeof name === "string") return name;
  const suffix = fingerprint(resource).slice(0, 7);
  return typeof namePrefix === "string" ? namePrefix + suffix : `${resource.name}-${suffix}`;
}

/** Hex digits of its own for each resource. */
function fingerprint({ type, name }: Resource): string {
  return createHash("sha256").update(`${type} ${name}`).digest("hex");
}

interface Made extends Resource {
  readonly physicalName: string;
  readonly arn: (service: string, rest: string) => string;
}

type Computed = (made: Made) => Record<string, string> & { readonly id: string };

const COMPUTED: Readonly<Record<string, Computed>> = {
  "aws:kms/key:Key": (made) => {
    const hex = fingerprint(made);
    const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
    const id = [...groups, hex.slice(20, 32)].join("-");
    return { id, keyId: id, arn: made.arn("kms", `key/${id}`) };
  },
  "aws:kms/alias:Alias": named("kms", ""),
  "aws:secretsmanager/secret:Secret": (made) => {
    // Six random characters distinguish it from an earlier secret of the same name:
    // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
    const suffix = fingerprint(made).slice(0, 6);
    const arn = made.arn("secretsmanager", `secret:${made.physicalName}-${suffix}`);
    return { id: arn, arn, name: made.physicalName };
  },
  "aws:cloudwatch/logGroup:LogGroup": named("logs", "log-group:"),
  "aws:iam/role:Role": named("iam", "role/"),
  "aws:iam/policy:Policy": identifiedByArn("iam", "policy/"),
  "aws:lambda/function:Function": named("lambda", "function:"),
  "aws:scheduler/scheduleGroup:ScheduleGroup": named("scheduler", "schedule-group/"),
  "aws:scheduler/schedule:Schedule": ({ inputs, physicalName: name, arn }) => {
    const id = `${inputs["groupName"] ?? "default"}/${name}`;
    return { id, name, arn: arn("scheduler", `schedule/${id}`) };
  },
  "aws:cloudwatch/eventRule:EventRule": named("events", "rule/"),
  "aws:cloudwatch/metricAlarm:MetricAlarm": named("cloudwatch", "alarm:"),
  "aws:sns/topic:Topic": identifiedByArn("sns", ""),
  "aws:cloudwatch/dashboard:Dashboard": ({ inputs, arn }) => {
    const id = String(inputs["dashboardName"]);
    return { id, dashboardArn: arn("cloudwatch", `dashboard/${id}`) };
  },
};

/** Of these, an ARN names no Region. */
const GLOBAL = /^(iam:|cloudwatch:dashboard)/;

function arnOf({ partition, region, awsAccountId }: Place, service: string, rest: string): string {
  const ownRegion = GLOBAL.test(`${service}:${rest}`) ? "" : region;
  return `arn:${partition}:${service}:${ownRegion}:${awsAccountId}:${rest}`;
}

function named(service: string, prefix: string): Computed {
  return ({ physicalName: name, arn }) => ({ id: name, name, arn: arn(service, prefix + name) });
}

function identifiedByArn(service: string, prefix: string): Computed {
  return ({ physicalName: name, arn }) => {
    const own = arn(service, prefix + name);
    return { id: own, name, arn: own };
  };
}
