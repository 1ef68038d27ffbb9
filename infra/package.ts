/** What the npm package exports to a Pulumi program. */
export { TokenRotation } from "./token-rotation.ts";
export type { ByAccount, TokenRotationArgs, TokenRotationOutputs } from "./token-rotation-args.ts";
