/**
 * What Pulumi's AWS provider calls to make, read, change and delete each type of resource that the
 * stack has. The provider wraps Terraform's: `source` names the file there that makes the calls, under
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/. Read line by line were
 * those of the key, its alias, the secret, the function, the log group, the role, the event target and the
 * subscription; none was tried on AWS.
 * Which calls a permission can be limited by: https://docs.aws.amazon.com/service-authorization/latest/reference/.
 */
import type { RegisteredResource } from "../../proof/local/pulumi/recording-monitor.ts";

export interface ProviderCalls {
  readonly source: string;
  /** Read-only calls on the resource itself. */
  readonly reads: readonly string[];
  /** The other calls on the resource itself. */
  readonly writes: readonly string[];
  /** Calls on any resource of the kind, for the reason beside them. */
  readonly onAny?: readonly string[];
  /** Calls that AWS limits to no resource. */
  readonly unlimited?: readonly string[];
  /** What the service calls as the caller on the resource's key. */
  readonly onKey?: readonly string[];
  /** The program's name of the resource, by an input that leads to it, whose ARN is asked for. */
  readonly of?: (resource: RegisteredResource) => string;
}

const text = (value: unknown): string => String(value);
const tagging = (service: string) => [`${service}:TagResource`, `${service}:UntagResource`];

export const PROVIDER_CALLS: Readonly<Record<string, ProviderCalls>> = {
  "aws:kms/key:Key": {
    source: "kms/key.go",
    reads: [],
    writes: [
      "kms:EnableKey",
      "kms:PutKeyPolicy",
      "kms:ScheduleKeyDeletion",
      "kms:UpdateKeyDescription",
      ...tagging("kms"),
    ],
    // A tag may take minutes to count, and these follow at once upon the creation:
    // https://docs.aws.amazon.com/kms/latest/developerguide/tag-authorization.html
    onAny: [
      "kms:DescribeKey",
      "kms:EnableKeyRotation",
      "kms:GetKeyPolicy",
      "kms:GetKeyRotationStatus",
      "kms:ListResourceTags",
    ],
    unlimited: ["kms:CreateKey"],
  },
  "aws:kms/alias:Alias": {
    source: "kms/alias.go",
    reads: [],
    writes: [],
    // On the key; on the alias they are limited by its name.
    onAny: ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"],
    unlimited: ["kms:ListAliases"],
    of: ({ inputs }) => text(inputs["targetKeyId"]),
  },
  "aws:secretsmanager/secret:Secret": {
    source: "secretsmanager/secret.go",
    reads: ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"],
    writes: [
      "secretsmanager:CreateSecret",
      "secretsmanager:DeleteSecret",
      "secretsmanager:UpdateSecret",
      ...tagging("secretsmanager"),
    ],
    // To check the caller's access, also to a key of a secret without a value:
    // https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
    onKey: ["kms:Decrypt", "kms:GenerateDataKey"],
  },
  "aws:iam/role:Role": {
    source: "iam/role.go",
    reads: [
      "iam:GetRole",
      "iam:GetRolePolicy",
      "iam:ListAttachedRolePolicies",
      "iam:ListInstanceProfilesForRole",
      "iam:ListRolePolicies",
    ],
    writes: [
      "iam:CreateRole",
      "iam:DeleteRole",
      "iam:PutRolePermissionsBoundary",
      "iam:TagRole",
      "iam:UntagRole",
      "iam:UpdateAssumeRolePolicy",
      "iam:UpdateRole",
      "iam:UpdateRoleDescription",
    ],
  },
  "aws:iam/rolePolicy:RolePolicy": {
    source: "iam/role_policy.go",
    reads: ["iam:GetRolePolicy"],
    writes: ["iam:DeleteRolePolicy", "iam:PutRolePolicy"],
    of: ({ inputs }) => text(inputs["role"]),
  },
  "aws:iam/policy:Policy": {
    source: "iam/policy.go",
    reads: ["iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListPolicyVersions"],
    writes: [
      "iam:CreatePolicy",
      "iam:CreatePolicyVersion",
      "iam:DeletePolicy",
      "iam:DeletePolicyVersion",
      "iam:TagPolicy",
      "iam:UntagPolicy",
    ],
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    source: "iam/role_policy_attachment.go",
    reads: ["iam:ListAttachedRolePolicies"],
    writes: ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
    of: ({ inputs }) => text(inputs["role"]),
  },
  "aws:lambda/function:Function": {
    source: "lambda/function.go",
    reads: [
      "lambda:GetFunction",
      "lambda:GetFunctionCodeSigningConfig",
      "lambda:GetFunctionConfiguration",
      // Without it GetFunction leaves the tags out.
      "lambda:ListTags",
      "lambda:ListVersionsByFunction",
    ],
    writes: [
      "lambda:CreateFunction",
      "lambda:DeleteFunction",
      "lambda:DeleteFunctionConcurrency",
      "lambda:PutFunctionConcurrency",
      "lambda:UpdateFunctionCode",
      "lambda:UpdateFunctionConfiguration",
      ...tagging("lambda"),
    ],
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {
    source: "lambda/function_event_invoke_config.go",
    reads: ["lambda:GetFunctionEventInvokeConfig"],
    writes: ["lambda:DeleteFunctionEventInvokeConfig", "lambda:PutFunctionEventInvokeConfig"],
    of: ({ inputs }) => text(inputs["functionName"]),
  },
  "aws:lambda/permission:Permission": {
    source: "lambda/permission.go",
    reads: ["lambda:GetPolicy"],
    writes: ["lambda:AddPermission", "lambda:RemovePermission"],
    of: ({ inputs }) => text(inputs["function"]),
  },
  "aws:scheduler/scheduleGroup:ScheduleGroup": {
    source: "scheduler/schedule_group.go",
    reads: ["scheduler:GetScheduleGroup", "scheduler:ListTagsForResource"],
    writes: [
      "scheduler:CreateScheduleGroup",
      "scheduler:DeleteScheduleGroup",
      ...tagging("scheduler"),
    ],
  },
  "aws:scheduler/schedule:Schedule": {
    source: "scheduler/schedule.go",
    reads: ["scheduler:GetSchedule"],
    writes: ["scheduler:CreateSchedule", "scheduler:DeleteSchedule", "scheduler:UpdateSchedule"],
  },
  "aws:cloudwatch/eventRule:EventRule": {
    source: "events/rule.go",
    reads: ["events:DescribeRule", "events:ListTagsForResource"],
    writes: ["events:DeleteRule", "events:PutRule", ...tagging("events")],
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    source: "events/target.go",
    reads: ["events:ListTargetsByRule"],
    writes: ["events:PutTargets", "events:RemoveTargets"],
    of: ({ inputs }) => text(inputs["rule"]),
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    source: "logs/group.go",
    reads: ["logs:ListTagsForResource"],
    writes: [
      "logs:CreateLogGroup",
      "logs:DeleteLogGroup",
      "logs:DeleteRetentionPolicy",
      "logs:PutRetentionPolicy",
      ...tagging("logs"),
    ],
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
    unlimited: ["logs:DescribeLogGroups"],
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    source: "cloudwatch/metric_alarm.go",
    reads: ["cloudwatch:ListTagsForResource"],
    writes: ["cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm", ...tagging("cloudwatch")],
    // It lists by a name.
    onAny: ["cloudwatch:DescribeAlarms"],
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    source: "cloudwatch/dashboard.go",
    reads: ["cloudwatch:GetDashboard"],
    writes: ["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"],
  },
  "aws:sns/topic:Topic": {
    source: "sns/topic.go",
    reads: ["sns:GetTopicAttributes", "sns:ListTagsForResource"],
    writes: ["sns:CreateTopic", "sns:DeleteTopic", "sns:SetTopicAttributes", ...tagging("sns")],
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    source: "sns/topic_policy.go",
    reads: ["sns:GetTopicAttributes"],
    writes: ["sns:SetTopicAttributes"],
    of: ({ inputs }) => text(inputs["arn"]),
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    source: "sns/topic_subscription.go",
    reads: [],
    writes: ["sns:Subscribe"],
    unlimited: [
      "sns:GetSubscriptionAttributes",
      "sns:SetSubscriptionAttributes",
      "sns:Unsubscribe",
    ],
    of: ({ inputs }) => text(inputs["topic"]),
  },
};
