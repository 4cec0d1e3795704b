import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Provider } from "@pulumi/pulumi/provider/index.js";
import { keepAnswersOutOfDebugLog } from "../components/sdk-debug-log.ts";
import { components } from "./components.ts";
import { construct } from "./construct.ts";
import { packageSchema } from "./schema/package-schema.ts";
import { typeToken } from "./type-token.ts";

/** Serves the package's schema, and creates its components for a program. `root` is the checkout's folder. */
export default function createProvider(root: string): Provider {
  keepAnswersOutOfDebugLog();
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  return {
    version,
    getSchema: async () => JSON.stringify(packageSchema(version)),
    construct: async (name, type, inputs, options) => {
      const component = components.find((each) => typeToken(each.name) === type);
      if (component === undefined) throw new Error(`the package has no component ${type}`);
      return construct(component, name, inputs, options);
    },
  };
}
