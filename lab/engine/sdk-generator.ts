import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { GoBinary } from "../go/go-build.ts";
import { engineVersion } from "./engine.ts";

/**
 * Pulumi's own generator of SDKs for Node.js, as a program. A fake language host that finds it on PATH can do `pulumi package
 * add`; few tests need it, so an engine comes without it.
 */
export const sdkGenerator: GoBinary = {
  name: "pulumi-sdk-generator",
  version: engineVersion,
  package: "lab/pulumi-sdk-generator",
  binary: "pulumi-sdk-generator-nodejs",
  goMod: `module lab/pulumi-sdk-generator

go 1.25

require (
	github.com/pulumi/pulumi/pkg/v3 v${engineVersion}
	github.com/pulumi/pulumi/sdk/v3 v${engineVersion}
)
`,
  sources: { "main.go": readFileSync(join(import.meta.dirname, "sdk-generator/main.go"), "utf8") },
};
