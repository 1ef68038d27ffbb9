/**
 * The two calls of a token store for the account of `token-store-run.ts`, and how a fault picks
 * one of its parameters. For tests of the calls that fail.
 */
import type { StoredToken } from "../../lambda/renewal-policy.ts";
import type { TokenStore } from "../../lambda/token-store.ts";
import { ACCOUNT_ID, never, TOKEN, write } from "./token-store-run.ts";

/** Reads what is stored of the account. */
export function readAccount(store: TokenStore, signal = never) {
  return store.read([ACCOUNT_ID], signal);
}

/** Writes a token and its status over what a check read `before`. */
export function writeToken(
  store: TokenStore,
  before: StoredToken,
  { token = TOKEN, signal = never } = {},
) {
  return write(store, token, before, { signal });
}

/** A fault's `when`: the call is about the parameter `name`. */
export function isOn(name: string) {
  return (input: Record<string, unknown>): boolean => input["Name"] === name;
}
