/** A check's calls by the two SDK clients and Node's `https`: what is left of it without a program. */
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { GetParametersCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { createHandler } from "./same-calls.ts";

const secretsManager = new SecretsManagerClient();
const ssm = new SSMClient();

export const handler = createHandler({
  getParameters: (input) => ssm.send(new GetParametersCommand(input)),
  describeSecret: (input) => secretsManager.send(new DescribeSecretCommand(input)),
  getSecretValue: (input) => secretsManager.send(new GetSecretValueCommand(input)),
  putParameter: (input) => ssm.send(new PutParameterCommand(input)),
});
