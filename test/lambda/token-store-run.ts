/** The token store of a stack in `test` against the AWS stand-in: what its tests start from. */
import type { StoredToken, TokenStatus } from "../../lambda/renewal-policy.ts";
import { createTokenStore, type TokenStore } from "../../lambda/token-store.ts";
import { TOKEN_CANARY } from "../support/canaries.ts";
import { withFunctionClients } from "./with-function-clients.ts";

export const ACCOUNT_ID = "T12345678";
export const TOKEN_NAME = "/dintero/T12345678/access-token";
export const STATUS_NAME = "/dintero/T12345678/access-token-status";
export const TOKEN = TOKEN_CANARY;

type TokenStoreSettings = Parameters<typeof createTokenStore>[1];

/** What a test does not say otherwise. */
const STATUS = {
  issuedAtMs: Date.parse("2026-01-02T03:04:05.006Z"),
  expiresAtMs: Date.parse("2026-01-03T03:04:05.006Z"),
  tokenFingerprint: "0123456789ab",
  credentialsVersionId: "5f0c8a52-9f7c-4d0e-8a0f-2f8b8e6f6c11",
  keyId: "key-1",
};

export const never = new AbortController().signal;

/** Writes a token and its status over what a check read `before`, as `renew-token` does. */
export async function write(
  store: TokenStore,
  accessToken: string,
  before: StoredToken,
  { accountId = ACCOUNT_ID, signal = never } = {},
): Promise<TokenStatus> {
  const tokenVersion = await store.writeToken(accountId, accessToken, before, signal);
  const status = { ...STATUS, tokenVersion };
  await store.writeStatus(accountId, status, before, signal);
  return status;
}

export function withTokenStore() {
  const functionClients = withFunctionClients();
  const { run } = functionClients;
  /** The store as the function makes it, with six attempts at a call. */
  const store = (differences: Partial<TokenStoreSettings> = {}): TokenStore =>
    createTokenStore(functionClients.clients.ssm, {
      environment: "test",
      keyId: run.aws.keyArn,
      ...differences,
    });
  /** With one attempt, for what fails for ever. */
  const storeOfOneAttempt = (): TokenStore =>
    createTokenStore(functionClients.ofOneAttempt.ssm, {
      environment: "test",
      keyId: run.aws.keyArn,
    });
  return {
    run,
    permit: functionClients.permit,
    store,
    storeOfOneAttempt,
    /** What the store itself reads of the account. */
    async stored() {
      const [stored] = await store().read([ACCOUNT_ID], never);
      if (!stored) throw new Error("The store gave nothing for the account.");
      return stored;
    },
    /** What a reader gets. */
    async readerGets(name: string) {
      const { Parameter } = await run.ssm.getParameter({ Name: name, WithDecryption: true });
      return Parameter?.Value;
    },
    /** The writes of all clients, in order. */
    writes: () => run.aws.calls.filter(({ operation }) => operation === "PutParameter"),
  };
}
