/**
 * A whole deployment on this machine: the built bundle, AWS, Dintero, and the people and services
 * around them.
 */
import { randomBytes, randomUUID } from "node:crypto";
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import {
  DeleteParameterCommand,
  GetParameterCommand,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import {
  ACCOUNT_PREFIX,
  type ClientCredentials,
  credentialsSecretName,
  type Environment,
  PROJECT_NAME,
  statusParameterName,
  type TokenStatusDocument,
  tokenParameterName,
} from "../../lambda/contract.ts";
import type { AccessManagement, Credentials, Role } from "./aws/access-management.ts";
import type { DinteroStandIn } from "./dintero/dintero-stand-in.ts";
import { functionPolicies } from "./iam/function-policies.ts";
import { type Invocation, LambdaRuntime, type LambdaRuntimeOptions } from "./lambda-runtime.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** Where AWS is: the stand-in, or a compatible server that the user runs. */
export interface AwsEndpoint {
  readonly url: string;
  readonly region: string;
  readonly credentials: Credentials;
  /** The key that tokens are to be encrypted with. */
  readonly keyArn: string;
  /** A server without IAM takes the credentials above from the function too. */
  readonly iam?: Pick<AccessManagement, "accountId" | "createRole">;
}

export interface SandboxOptions {
  readonly accountIds: readonly string[];
  readonly bundleUrl: string;
  readonly clock: VirtualClock;
  readonly aws: AwsEndpoint;
  readonly dintero: DinteroStandIn;
  /** Environment variables of the function that are to differ from a deployment's. */
  readonly environment?: Readonly<Record<string, string>>;
}

export class Sandbox {
  readonly accountIds: readonly string[];
  readonly clock: VirtualClock;
  readonly dintero: DinteroStandIn;
  readonly #function: LambdaRuntimeOptions;
  /** Every instance of the function that was started. */
  readonly #instances: LambdaRuntime[] = [];
  /** Those that wait for an event. */
  readonly #idle: LambdaRuntime[] = [];
  readonly #aws: AwsEndpoint;
  readonly #role: Role | undefined;
  /** By account. */
  readonly #secretArns = new Map<string, string>();
  readonly #ssm: SSMClient;
  readonly #secretsManager: SecretsManagerClient;

  /** Deploys: nothing of these accounts is there but an empty secret for each. */
  static async deploy(options: SandboxOptions): Promise<Sandbox> {
    const sandbox = new Sandbox(options);
    await Promise.all(options.accountIds.map((accountId) => sandbox.#remove(accountId)));
    await sandbox.refresh();
    return sandbox;
  }

  private constructor({ accountIds, bundleUrl, clock, aws, dintero, environment }: SandboxOptions) {
    this.accountIds = accountIds;
    this.clock = clock;
    this.dintero = dintero;
    this.#aws = aws;
    this.#role = aws.iam?.createRole();
    const client = { endpoint: aws.url, region: aws.region, credentials: aws.credentials };
    this.#ssm = new SSMClient(client);
    this.#secretsManager = new SecretsManagerClient(client);
    this.#function = {
      bundleUrl,
      environment: {
        AWS_REGION: aws.region,
        ...credentialVariables((this.#role ?? aws).credentials),
        AWS_ENDPOINT_URL: aws.url,
        AWS_LAMBDA_FUNCTION_NAME: PROJECT_NAME,
        DINTERO_ENVIRONMENT: environmentOf(accountIds),
        DINTERO_ACCOUNT_IDS: accountIds.join(","),
        DINTERO_API_ORIGIN: dintero.origin,
        KMS_KEY_ID: aws.keyArn,
        ...environment,
      },
    };
  }

  /**
   * As `npm run deploy -- --refresh` does, for these accounts: makes each secret that is not there,
   * empty, and lets the function use it. The parameters are the function's.
   */
  async refresh(refreshedIds = this.accountIds): Promise<void> {
    const { region, keyArn, iam } = this.#aws;
    await Promise.all(
      refreshedIds.map(async (id) => this.#secretArns.set(id, await this.#provideSecret(id))),
    );
    if (!this.#role || !iam) return;
    const secretArns = [...this.#secretArns.values()];
    const place = { partition: "aws", region, awsAccountId: iam.accountId };
    const { accountIds } = this;
    this.#role.policies = functionPolicies({ place, accountIds, secretArns, keyArn });
  }

  /** Wakes the function; as Lambda does, by another instance where all others are at work. */
  async check(event: unknown = {}, requestId?: string): Promise<Invocation> {
    const instance = this.#idle.pop() ?? this.#startInstance();
    const invocation = await instance.invoke(event, this.clock.offsetMs, requestId);
    this.#idle.push(instance);
    return invocation;
  }

  /** An engineer makes an API client at Dintero, and stores its credentials. */
  async enterCredentials(
    accountId: string,
    client: ClientCredentials = newClientCredentials(),
  ): Promise<void> {
    this.dintero.setCredentials(accountId, client);
    await this.storeSecret(accountId, JSON.stringify(client));
  }

  async storeSecret(accountId: string, secretString: string): Promise<void> {
    await this.secretsManager.send(
      new PutSecretValueCommand({
        SecretId: credentialsSecretName(accountId),
        SecretString: secretString,
      }),
    );
  }

  /** Somebody writes the token parameter by hand. */
  async editToken(accountId: string, value: string): Promise<void> {
    await this.ssm.send(
      new PutParameterCommand({
        Name: tokenParameterName(accountId),
        Value: value,
        Type: "SecureString",
        KeyId: this.#aws.keyArn,
        Overwrite: true,
      }),
    );
  }

  /** What a service gets that reads the token. */
  readToken(accountId: string): Promise<string | undefined> {
    return this.#read(tokenParameterName(accountId));
  }

  async readStatus(accountId: string): Promise<TokenStatusDocument | undefined> {
    const text = await this.#read(statusParameterName(accountId));
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** An operator's client of Parameter Store. */
  get ssm(): SSMClient {
    this.#ssm.config.systemClockOffset = this.clock.offsetMs;
    return this.#ssm;
  }

  /** An operator's client of Secrets Manager. */
  get secretsManager(): SecretsManagerClient {
    this.#secretsManager.config.systemClockOffset = this.clock.offsetMs;
    return this.#secretsManager;
  }

  /** Stops the function, whatever it is doing, and leaves nothing of these accounts behind. */
  async close(): Promise<void> {
    await Promise.all(this.#instances.map((instance) => instance.close()));
    await Promise.all(this.accountIds.map((accountId) => this.#remove(accountId)));
    this.#ssm.destroy();
    this.#secretsManager.destroy();
  }

  #startInstance(): LambdaRuntime {
    const instance = new LambdaRuntime(this.#function);
    this.#instances.push(instance);
    return instance;
  }

  /** Returns its ARN. */
  async #provideSecret(accountId: string): Promise<string> {
    const name = credentialsSecretName(accountId);
    const { keyArn } = this.#aws;
    const existing = await this.secretsManager
      .send(new DescribeSecretCommand({ SecretId: name }))
      .catch(unlessNotFound);
    // An alias is SSM's own key, on a server that has no other: Secrets Manager takes its own.
    const key = keyArn.startsWith("arn:") ? { KmsKeyId: keyArn } : {};
    const { ARN = "" } =
      existing ?? (await this.secretsManager.send(new CreateSecretCommand({ Name: name, ...key })));
    return ARN;
  }

  /** Other servers than AWS may refuse to delete what does not exist, a secret by force too. */
  async #remove(accountId: string): Promise<void> {
    const secret = { SecretId: credentialsSecretName(accountId), ForceDeleteWithoutRecovery: true };
    await this.secretsManager.send(new DeleteSecretCommand(secret)).catch(unlessNotFound);
    for (const Name of [tokenParameterName(accountId), statusParameterName(accountId)]) {
      await this.ssm.send(new DeleteParameterCommand({ Name })).catch(unlessNotFound);
    }
  }

  async #read(name: string): Promise<string | undefined> {
    const reply = await this.ssm
      .send(new GetParameterCommand({ Name: name, WithDecryption: true }))
      .catch(unlessNotFound);
    return reply?.Parameter?.Value;
  }
}

/** Credentials as Dintero gives them out: a UUID and a base64 text. */
export function newClientCredentials(): ClientCredentials {
  return { client_id: randomUUID(), client_secret: randomBytes(32).toString("base64") };
}

/** As Lambda hands a function the credentials of its role. */
export function credentialVariables(credentials: Credentials): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
  };
}

function environmentOf(accountIds: readonly string[]): Environment {
  return accountIds.some((id) => id.startsWith(ACCOUNT_PREFIX.production)) ? "production" : "test";
}

function unlessNotFound(error: unknown): undefined {
  const name = error instanceof Error ? error.name : "";
  if (name === "ParameterNotFound" || name === "ResourceNotFoundException") return undefined;
  throw error;
}
