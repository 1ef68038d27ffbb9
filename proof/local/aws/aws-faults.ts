/** The failures that are switched on at the AWS stand-in. */

/** A failure to switch on. It strikes after the authorization check and before the operation. */
export interface AwsFault {
  /** Such as "PutParameter". */
  operation: string;
  /** Default: every call of that operation. */
  when?: (input: Record<string, unknown>) => boolean;
  /** How often it strikes. Default: until it is removed. */
  times?: number;
  effect:
    | {
        /** The error type of the answer; the operation is not done. */
        error: string;
        /** Default: 500 for `Internal...`, 400 otherwise. */
        status?: number;
        message?: string;
      }
    /** Cuts the connection: before the operation, or when it was done and only the answer is lost. */
    | { disconnect: "before" | "after" }
    /** The request is accepted and never answered. */
    | { hang: true }
    /** A PutParameter is in work until then, and done at the end. */
    | { writesUntil: Promise<void> };
}

export class AwsFaults {
  #entries: { fault: AwsFault; left: number }[] = [];

  /** Returns its remover. */
  add(fault: AwsFault): () => void {
    const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    this.#entries.push(entry);
    return () => {
      this.#entries = this.#entries.filter((other) => other !== entry);
    };
  }

  clear(): void {
    this.#entries = [];
  }

  /** What the earliest fault that fits the call does to it. */
  strike(call: {
    readonly operation: string;
    readonly input: Record<string, unknown>;
  }): AwsFault["effect"] | undefined {
    const entry = this.#entries.find(
      ({ fault, left }) =>
        left > 0 && fault.operation === call.operation && (fault.when?.(call.input) ?? true),
    );
    if (entry) entry.left -= 1;
    return entry?.fault.effect;
  }
}
