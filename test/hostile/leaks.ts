/** Whether a text quotes a secret. Called by `hostile-replies` on what a failure tells. */

/** A longer part of a secret than 8 characters is a leak. */
const LEAK_LENGTH = 9;
/** Fewer different characters than this is padding, which stands in any text. */
const MIN_DIFFERENT = 5;
/** Words of messages that stand in any reply. */
const TOLD = ["access_token", "token_type", "expires_in", "connection"];

/** Whether 9 characters in a row of any of the secrets stand in the text. */
export function leaks(text: string, secrets: readonly string[]): boolean {
  const known = new Set(TOLD.flatMap(windows));
  const told = new Set(windows(text).filter((it) => !known.has(it) && isTelling(it)));
  return secrets.some((secret) => {
    for (let start = 0; start + LEAK_LENGTH <= secret.length; start += 1) {
      if (told.has(secret.slice(start, start + LEAK_LENGTH))) return true;
    }
    return false;
  });
}

function windows(text: string): string[] {
  const count = Math.max(0, text.length - LEAK_LENGTH + 1);
  return Array.from({ length: count }, (_, start) => text.slice(start, start + LEAK_LENGTH));
}

function isTelling(window: string): boolean {
  return new Set(window).size >= MIN_DIFFERENT;
}
