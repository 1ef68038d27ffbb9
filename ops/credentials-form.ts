/**
 * Whether a person's input can be an API client's id and secret, pure. By the function's own rules, so that
 * nothing is stored that the function would refuse.
 */
import * as v from "valibot";
import type { ClientCredentials } from "../lambda/contract.ts";
import { CREDENTIALS_FIELDS } from "../lambda/credentials.ts";
import { readJsonObject } from "../lambda/json-object.ts";

/** What is wrong with one field; `undefined` if it is valid. Never quotes the value. */
export function fieldFault(field: keyof ClientCredentials, text: string): string | undefined {
  const result = v.safeParse(CREDENTIALS_FIELDS[field], text, { abortEarly: true });
  return result.success ? undefined : `${result.issues[0].message}.`;
}

/** The credentials in a text of the secret's form, or what is wrong with it. */
export function parseCredentials(text: string): ClientCredentials | { readonly fault: string } {
  if (text.trim() === "") return { fault: "it is empty" };
  const read = readJsonObject(text, CREDENTIALS_FIELDS);
  return read.ok ? read.value : { fault: read.faults };
}
