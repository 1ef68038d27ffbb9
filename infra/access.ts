/**
 * Who may do what: every policy of the stack, as plain documents. Each permission names its own
 * secret or parameter, also in the encryption context.
 */
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { statusParameterName, tokenParameterName } from "../lambda/contract.ts";

type PolicyDocument = aws.types.input.iam.PolicyDocument;
type PolicyStatement = aws.types.input.iam.PolicyStatement;
type Strings = pulumi.Input<pulumi.Input<string>[]>;

/** Where the stack is. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  /** AWS account. */
  readonly awsAccountId: string;
}

/** Only IAM policies of the AWS account decide who may use the key. Source: KMS, "Default key policy". */
export function keyPolicy({ partition, awsAccountId }: Place): PolicyDocument {
  return document({
    Sid: "LetIamPoliciesDecide",
    Effect: "Allow",
    Principal: { AWS: `arn:${partition}:iam::${awsAccountId}:root` },
    Action: "kms:*",
    Resource: "*",
  });
}

/** Lambda may assume the function's role. */
export function functionTrust(): PolicyDocument {
  return trust("lambda.amazonaws.com");
}

/**
 * What the function may do with tokens and its log. It can write tokens but not read them: without
 * `kms:Decrypt` for them, `ssm:GetParameters` returns versions, times and the ciphertext.
 */
export function tokenWriterPolicy(
  place: Place,
  accounts: readonly string[],
  keyArn: pulumi.Input<string>,
  logStreamArns: pulumi.Input<string>,
): PolicyDocument {
  const { tokens, statuses } = parameterArns(place, accounts);
  return document(
    {
      Sid: "KeepTokensAndStatuses",
      Effect: "Allow",
      Action: ["ssm:GetParameters", "ssm:PutParameter", "ssm:AddTagsToResource"],
      Resource: [...tokens, ...statuses],
    },
    {
      Sid: "EncryptTokens",
      Effect: "Allow",
      // GenerateDataKey for tokens over 4 KB, which go to the advanced tier.
      Action: ["kms:Encrypt", "kms:GenerateDataKey"],
      Resource: keyArn,
      Condition: throughService(place, "ssm", { PARAMETER_ARN: tokens }),
    },
    {
      Sid: "SeeWhetherTheKeyIsEnabled",
      Effect: "Allow",
      Action: "kms:DescribeKey",
      Resource: keyArn,
    },
    {
      Sid: "WriteLog",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: logStreamArns,
    },
  );
}

/** What the function may do with credentials. Its own policy, because IAM limits a policy's size. */
export function credentialsReaderPolicy(
  place: Place,
  secretArns: Strings,
  keyArn: pulumi.Input<string>,
): PolicyDocument {
  return document(
    {
      Sid: "ReadCredentials",
      Effect: "Allow",
      Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      Resource: secretArns,
    },
    {
      Sid: "DecryptCredentials",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: keyArn,
      Condition: throughService(place, "secretsmanager", { SecretARN: secretArns }),
    },
  );
}

/** What a service needs to read tokens and their statuses, and nothing else. */
export function consumerPolicy(
  place: Place,
  accounts: readonly string[],
  keyArn: pulumi.Input<string>,
): PolicyDocument {
  const { tokens, statuses } = parameterArns(place, accounts);
  return document(
    {
      Sid: "ReadTokensAndStatuses",
      Effect: "Allow",
      Action: ["ssm:GetParameter", "ssm:GetParameters"],
      Resource: [...tokens, ...statuses],
    },
    {
      Sid: "DecryptTokens",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: keyArn,
      Condition: throughService(place, "ssm", { PARAMETER_ARN: tokens }),
    },
  );
}

/**
 * The scheduler may assume its role only for this schedule group. A schedule cannot be named here. Source:
 * EventBridge Scheduler, "Confused deputy prevention".
 */
export function schedulerTrust(
  place: Place,
  scheduleGroupArn: pulumi.Input<string>,
): PolicyDocument {
  return trust("scheduler.amazonaws.com", {
    StringEquals: {
      "aws:SourceAccount": place.awsAccountId,
      "aws:SourceArn": scheduleGroupArn,
    },
  });
}

/** The schedule may invoke the function. */
export function schedulerPolicy(functionArn: pulumi.Input<string>): PolicyDocument {
  return document({
    Sid: "WakeFunction",
    Effect: "Allow",
    Action: "lambda:InvokeFunction",
    Resource: functionArn,
  });
}

/** Alarms of this AWS account may publish to the topic. */
export function alarmTopicPolicy(
  { awsAccountId }: Place,
  topicArn: pulumi.Input<string>,
): aws.types.input.sns.PolicyDocument {
  return document({
    Sid: "LetAlarmsPublish",
    Effect: "Allow",
    Principal: { Service: "cloudwatch.amazonaws.com" },
    Action: "sns:Publish",
    Resource: topicArn,
    Condition: { StringEquals: { "aws:SourceAccount": awsAccountId } },
  });
}

function document(...statements: PolicyStatement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: statements };
}

function trust(service: string, condition?: PolicyStatement["Condition"]): PolicyDocument {
  return document({
    Effect: "Allow",
    Principal: { Service: service },
    Action: "sts:AssumeRole",
    ...(condition && { Condition: condition }),
  });
}

function parameterArns({ partition, region, awsAccountId }: Place, accounts: readonly string[]) {
  const prefix = `arn:${partition}:ssm:${region}:${awsAccountId}:parameter`;
  return {
    tokens: accounts.map((account) => prefix + tokenParameterName(account)),
    statuses: accounts.map((account) => prefix + statusParameterName(account)),
  };
}

/**
 * Allows the use of the key only through this AWS service, and only for these resources. Source: KMS,
 * "kms:ViaService" and "kms:EncryptionContext".
 */
function throughService(
  { partition, region }: Place,
  service: "ssm" | "secretsmanager",
  encryptionContext: Readonly<Record<string, Strings>>,
): PolicyStatement["Condition"] {
  const endpoint = `${service}.${region}.amazonaws.com`;
  const contexts = Object.entries(encryptionContext).map(([name, values]) => [
    `kms:EncryptionContext:${name}`,
    values,
  ]);
  return {
    StringEquals: {
      // KMS documents the first form. Endpoints in China end in ".cn", so both are allowed there.
      "kms:ViaService": partition === "aws-cn" ? [endpoint, `${endpoint}.cn`] : endpoint,
      ...Object.fromEntries(contexts),
    },
  };
}
