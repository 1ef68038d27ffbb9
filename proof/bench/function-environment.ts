/** What a measured process has of an environment. Called by `fresh-process` and `warm-process`. */
import { devNull } from "node:os";

/** As in Lambda, where no file of a user changes what the SDK does. */
export function functionEnvironment(
  settings: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_LAMBDA_LOG_FORMAT: "JSON",
    ...settings,
  };
}
