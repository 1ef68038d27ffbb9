/** Jest for the tests of the instruments in `proof/`. */
import config from "../../jest.config.ts";

export default { ...config, rootDir: "../..", testMatch: ["<rootDir>/test/proof/**/*.test.ts"] };
