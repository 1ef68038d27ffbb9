/**
 * Import for its effect, in tests of code that asks whether what Node threw is an `Error`.
 * Jest runs a test file in a realm of its own, whose `Error` is not the one that `fetch` throws, so
 * that `instanceof Error` is false there and true in production:
 * https://github.com/jestjs/jest/issues/2549
 */

// Node's own `Error.prototype`, which DOMException extends, becomes a kind of this realm's.
Object.setPrototypeOf(Object.getPrototypeOf(DOMException.prototype), Error.prototype);
