/**
 * Secrets that tests send through every path, and the search for them where none may be. No word,
 * name or number that a message could hold by chance is as long as the parts that are looked for.
 */
export const SECRET_CANARY = "Zq7#Wm9~Xk3!Vb5%ÆØ🔑Lp2:Jd8";
export const TOKEN_CANARY = "Ty6Gh2.Rk9Qz4-Wp7Nx3_Fv8Bm5";
export const BODY_CANARY = "Qf5!Ls0^Cu8&Hn2@Oj6*Ei9";

/** A longer part of a secret than 8 characters is a leak. */
const LEAK_LENGTH = 9;

/** The parts of the secrets that stand in the text; none is what a test expects. */
export function leaksIn(text: string, secrets: readonly string[]): string[] {
  return secrets.flatMap(parts).filter((part) => text.includes(part));
}

function parts(secret: string): string[] {
  const count = Math.max(1, secret.length - LEAK_LENGTH + 1);
  return Array.from({ length: count }, (_, start) => secret.slice(start, start + LEAK_LENGTH));
}
