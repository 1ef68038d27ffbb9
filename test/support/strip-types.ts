/** Jest's transform: Node's own type stripping, so that tests load code by the rules that Node and Pulumi do. */
import { stripTypeScriptTypes } from "node:module";

export default {
  process(source: string): { code: string } {
    return { code: stripTypeScriptTypes(source, { mode: "strip" }) };
  },
};
