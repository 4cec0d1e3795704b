import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import language from "@pulumi/pulumi/proto/language_pb.js";

type Request = InstanceType<typeof language.LinkRequest>;
type Response = InstanceType<typeof language.LinkResponse>;

/**
 * Makes generated SDKs dependencies of the program, in package.json, and lets npm run their scripts, which compile them.
 *
 * @see pulumi: sdk/nodejs/cmd/pulumi-language-nodejs/main.go, Link; sdk/nodejs/npm/npm.go
 */
export function link({ request }: ServerUnaryCall<Request, Response>, reply: sendUnaryData<Response>): void {
  try {
    const directory = request.getInfo()?.getProgramDirectory() ?? "";
    const names = request.getPackagesList().map((each) => linkOne(directory, each.getPath()));
    const imports = names.map((name) => `  import * as ${importName(name)} from "${name}";\n`);
    const instructions = `You can import the SDK in your TypeScript code with:\n\n${imports.join("")}`;
    reply(null, new language.LinkResponse().setImportInstructions(instructions));
  } catch (error) {
    reply(error as Error);
  }
}

/** Returns the name of the SDK in `path`. */
function linkOne(directory: string, path: string): string {
  const { name } = JSON.parse(readFileSync(join(directory, path, "package.json"), "utf8")) as { name: string };
  npmPkg(directory, ["set", `dependencies.${name}=file:${path}`]);
  const allowed = JSON.parse(npmPkg(directory, ["get", "allowScripts"]) || "{}") as Record<string, boolean>;
  npmPkg(directory, ["set", "--json", `allowScripts=${JSON.stringify({ ...allowed, [`file:${path}`]: true })}`]);
  return name;
}

function npmPkg(cwd: string, args: string[]): string {
  const { error, status, stdout, stderr } = spawnSync("npm", ["pkg", ...args], { cwd, encoding: "utf8" });
  if (error || status !== 0) throw new Error(`npm pkg ${args[0]} in ${cwd} failed: ${error?.message ?? stderr}`);
  return stdout.trim();
}

/** The name behind the scope, in camelCase. */
function importName(packageName: string): string {
  return packageName.replace(/^@[^/]*\//, "").replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
