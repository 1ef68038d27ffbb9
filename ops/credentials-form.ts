/** Whether what a person enters can be an API client's id and secret, pure. */
import * as v from "valibot";
import { readJsonObject } from "../lambda/json-object.ts";

/** As in the secret. */
export interface EnteredCredentials {
  readonly client_id: string;
  readonly client_secret: string;
}

export const CREDENTIALS_FORM = '{"client_id": "...", "client_secret": "..."}';

/** What is wrong with one of the two; `undefined` when nothing is. Never quotes it. */
export function fieldFault(field: keyof EnteredCredentials, text: string): string | undefined {
  const result = v.safeParse(FIELDS[field], text, { abortEarly: true });
  return result.success ? undefined : `${result.issues[0].message}.`;
}

/** Credentials from the text of the secret's form, or what is wrong with it. */
export function parseCredentials(text: string): EnteredCredentials | { readonly fault: string } {
  if (text.trim() === "") return { fault: "it is empty" };
  const read = readJsonObject(text, FIELDS);
  return read.ok ? read.value : { fault: read.faults };
}

// The function reads the secret by the same rules: what it would refuse is not stored.
const FIELDS = {
  client_id: v.pipe(
    credentialField("client_id"),
    // The first colon ends the user-id in Basic credentials. Source: RFC 7617, section 2.
    v.excludes(":", "client_id has a colon, which Basic authentication cannot carry"),
  ),
  client_secret: credentialField("client_secret"),
};

function credentialField(field: string) {
  return v.pipe(
    v.string(`${field} is not a string`),
    v.nonEmpty(`${field} is empty`),
    // Told and not cut off: whoever copied a blank may have missed a character at the other end.
    v.check((text) => text === text.trim(), `${field} has blanks around it`),
    // Source: RFC 7617, section 2.
    v.check((text) => !/\p{Cc}/u.test(text), `${field} has control characters`),
  );
}
