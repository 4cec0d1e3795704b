import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ServerWritableStream } from "@grpc/grpc-js";
import language from "@pulumi/pulumi/proto/language_pb.js";

type Request = InstanceType<typeof language.InstallDependenciesRequest>;
type Response = InstanceType<typeof language.InstallDependenciesResponse>;

/**
 * Runs `npm install` in the program's folder, or in the root of the npm workspace that it is part of, as the official language host does, which then runs the project's npm
 * scripts.
 *
 * @see pulumi: sdk/nodejs/npm/npm.go
 */
export function installDependencies(call: ServerWritableStream<Request, Response>): void {
  const { request } = call;
  const program = request.getInfo()?.getProgramDirectory() ?? request.getDirectory();
  const directory = workspaceRoot(program) ?? program;
  const write = (text: string | Buffer) => call.write(new language.InstallDependenciesResponse().setStdout(text));
  write("Installing dependencies...\n\n");
  const npm = spawn("npm", ["install", "--loglevel=error"], { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
  call.once("cancelled", () => npm.kill());
  npm.stdout.on("data", write);
  npm.stderr.on("data", (text: Buffer) => call.write(new language.InstallDependenciesResponse().setStderr(text)));
  npm.once("error", (error) => call.destroy(error));
  npm.once("close", (code) => {
    if (code !== 0) return void call.destroy(new Error(`npm install failed with exit code ${code}`));
    write("Finished installing dependencies\n\n");
    call.end();
  });
}

/** The nearest folder above whose package.json has this folder as a workspace. Workspaces are named without wildcards. */
function workspaceRoot(program: string): string | undefined {
  let folder = program;
  while (folder !== dirname(folder)) {
    folder = dirname(folder);
    const manifest = join(folder, "package.json");
    if (!existsSync(manifest)) continue;
    const { workspaces = [] } = JSON.parse(readFileSync(manifest, "utf8")) as { workspaces?: string[] };
    if (workspaces.some((each) => join(folder, each) === program)) return folder;
  }
  return undefined;
}
