/**
 * The environment of a process whose output is compared: its colours, its width, its language and its
 * time zone are these, whoever runs the tests and wherever.
 */
export const PLAIN_ENVIRONMENT = {
  PATH: process.env["PATH"] ?? "",
  FORCE_COLOR: "0",
  TERM: "xterm-256color",
  LANG: "C.UTF-8",
  TZ: "UTC",
} as const;
