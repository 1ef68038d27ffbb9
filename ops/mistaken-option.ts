/** Options that would otherwise be ignored without a word. */

/**
 * What is wrong with how an option was given: twice, so that only the last would count, or without the two dashes
 * before it, so that npm kept it for itself.
 * @param argv - as in `process.argv`.
 * @param env - where npm puts what it keeps.
 * @param options - with their dashes. None that npm has itself, which somebody may have set for good.
 */
export function mistakenOption(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  options: readonly string[],
): string | undefined {
  for (const option of options) {
    if (env[`npm_config_${option.replace("--", "")}`] !== undefined) {
      return `${option} needs two dashes before it, or npm keeps it for itself`;
    }
    const given = argv.filter((it) => it === option || it.startsWith(`${option}=`));
    if (given.length > 1) return `${option} was given ${given.length} times`;
  }
  return undefined;
}
