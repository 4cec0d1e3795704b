import { execa } from "execa";
import { type PulumiStack, startStack } from "../../lab/engine/pulumi-stack.ts";
import { goBinary } from "../../lab/go/go-build.ts";
import { crane } from "../../lab/images/machine-image.ts";
import { password } from "../../lab/proxy/credentials.ts";
import { startProxy } from "../../lab/proxy/start-proxy.ts";
import { registryCommand } from "../../test/e2e/support/registry-command.ts";
import { milliseconds } from "../milliseconds.ts";
import { type Row, row } from "../row.ts";
import { taggedStorage } from "./tagged-storage.ts";

const repositories = Array.from({ length: 200 }, (_, index) => `team-${index % 20}/app-${index}`);
const tagsEach = 50;
const tags = repositories.length * tagsEach;

/** How long whole commands take, with npm and the Pulumi CLI that they start. */
export async function seeRows(): Promise<Row[]> {
  await using proxy = await startProxy();
  taggedStorage(proxy.storage, repositories, tagsEach);
  const { host } = new URL(proxy.url);
  await using stack = await startStack({
    name: "bench-see",
    config: { containerRegistry: { host }, variant: { kind: "existing", tls: { kind: "none" } } },
    secrets: { registryUsername: "jenkins", registryPassword: password("jenkins") },
  });
  await stack.up();
  const theirs = (await milliseconds(() => craneReads(host))) / 1000;
  // crane is also given the names of the repositories, and reads no configs, of which there is one for each tag.
  const peer = "crane ls and manifest of each tag, 4 at a time, no configs";
  const rows: Row[] = [];
  for (const command of ["usage", "images"]) {
    const ours = (await milliseconds(() => readAll(stack, command))) / 1000;
    const what = `registry ${command}, ${tags} tags in ${repositories.length} repositories`;
    rows.push(row({ what, unit: "s", peer, pairs: [[ours, theirs]], atMost: 1 }));
  }
  return rows;
}

/** Throws if a command does not see every tag. */
async function readAll(stack: PulumiStack, command: string): Promise<void> {
  const { exitCode, stdout, output } = await registryCommand(stack, [command, "--json"]).result;
  if (exitCode !== 0) throw new Error(`registry ${command}: ${output}`);
  const { images, repositories: read = [] } = JSON.parse(stdout) as Seen;
  const seen = images?.length ?? read.reduce((sum, each) => sum + each.tags, 0);
  if (seen !== tags) throw new Error(`registry ${command} saw ${seen} tags`);
}

/** What both commands print, as far as tags are counted by it. */
type Seen = { images?: unknown[]; repositories?: { tags: number }[] };

async function craneReads(host: string): Promise<void> {
  const binary = await goBinary(crane);
  const each = ["-P", "4", "-n", "1", binary];
  const input = repositories.map((name) => `${host}/${name}\n`).join("");
  const { stdout } = await execa("xargs", [...each, "ls", "--insecure", "--full-ref"], { input });
  const seen = stdout.split("\n").length;
  if (seen !== tags) throw new Error(`crane ls saw ${seen} tags`);
  await execa("xargs", [...each, "manifest", "--insecure"], { input: stdout, stdout: "ignore" });
}
