/** Gets an API client's id and secret from a person at a terminal, or from a pipeline. */
import { addAbortSignal } from "node:stream";
import { text } from "node:stream/consumers";
import { input, password } from "@inquirer/prompts";
import { CLIENT_CREDENTIALS_FORM, type ClientCredentials } from "../lambda/contract.ts";
import { fieldFault, parseCredentials } from "./credentials-form.ts";
import type { Operation } from "./operation.ts";
import { OpsError } from "./ops-error.ts";
import { prompted } from "./prompted.ts";

/** @throws {@link OpsError} when standard input does not hold valid credentials. */
export async function readCredentials(
  operation: Operation,
  accountId: string,
): Promise<ClientCredentials> {
  return process.stdin.isTTY ? ask(operation, accountId) : readStandardInput(operation);
}

async function ask(operation: Operation, accountId: string): Promise<ClientCredentials> {
  const client_id = await prompted(operation, (context) =>
    input({ message: `Client id for ${accountId}:`, validate: valid("client_id") }, context),
  );
  const client_secret = await prompted(operation, (context) =>
    password(
      {
        message: "Client secret:",
        mask: true,
        // No key may show the secret.
        toggleMask: false,
        validate: valid("client_secret"),
      },
      context,
    ),
  );
  return { client_id, client_secret };
}

function valid(field: keyof ClientCredentials): (text: string) => string | true {
  return (text) => fieldFault(field, text) ?? true;
}

async function readStandardInput(operation: Operation): Promise<ClientCredentials> {
  // Otherwise a pipeline that sends nothing would wait silently.
  operation.tell("Reading credentials from standard input.");
  const entered = parseCredentials(await text(addAbortSignal(operation.signal, process.stdin)));
  if (!("fault" in entered)) return entered;
  throw new OpsError(
    `Standard input does not hold valid credentials: ${entered.fault}. Nothing was stored. Send ${CLIENT_CREDENTIALS_FORM}, or run the command in a terminal, which asks for them.`,
    { isUndetermined: true },
  );
}
