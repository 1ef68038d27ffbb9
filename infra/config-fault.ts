/** What is wrong with a setting. */
export interface ConfigFault {
  readonly fault: string;
  /** The command that fixes it, without `npx` before it and the stack after it. */
  readonly fix: string;
}
