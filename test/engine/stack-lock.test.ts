import { mkdir, readdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { startStack } from "../../lab/engine/pulumi-stack.ts";
import { up } from "../../operations/rotation/up.ts";
import { withWorld } from "../with-world.ts";

const started = withWorld(async ({ use, defer }) => {
  const stack = use(
    await startStack({
      name: "locked",
      config: {
        containerRegistry: { host: "registry.example.org", requiresAuthForPush: false },
        variant: { kind: "existing", tls: { kind: "public" } },
      },
    }),
  );
  for (const [name, value] of Object.entries(stack.env)) vi.stubEnv(name, value);
  defer(() => vi.unstubAllEnvs());
  return stack;
});

it("a lock that Pulumi's own backend reports is given up by a yes alone, and up then succeeds", async () => {
  const { stateDir } = started();
  const stackOptions = ["--stack", "locked", "--config-file", join(stateDir, "settings/Pulumi.locked.yaml")];
  const folder = join(stateDir, "state/.pulumi/locks/organization/container-registry/locked");
  await mkdir(folder, { recursive: true });
  // As a command leaves it that was killed on this machine: its process is on no list.
  const holder = { pid: 4_194_305, username: "dana", hostname: hostname(), timestamp: "2027-01-15T00:00:00Z" };
  await writeFile(join(folder, "left-behind.json"), JSON.stringify(holder));
  const said = `dana@${hostname()} (pid 4194305) since 2027-01-15T00:00:00Z`;

  await expect(up("locked", stackOptions)).rejects.toThrow(`stack locked is locked by ${said};`);
  expect(await readdir(folder)).toEqual(["left-behind.json"]);

  const questions: string[] = [];
  await up("locked", stackOptions, async (question) => questions.push(question) > 0);
  expect(questions).toEqual([expect.stringContaining(said)]);
  expect(await readdir(folder).catch(() => [])).toEqual([]);
});
