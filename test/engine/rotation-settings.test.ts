import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { parse } from "yaml";
import { startStack } from "../../lab/engine/pulumi-stack.ts";
import { liveStack } from "../../operations/live-stack.ts";
import { LiveRotation } from "../../operations/rotation/live-rotation.ts";
import type { GivenPassword } from "../../settings/secrets/shapes.ts";
import { treacherousNames } from "../unit/settings/account-names.ts";
import { withFreshWorld } from "../with-world.ts";

const given: Record<string, GivenPassword> = { "team-a": 'it\'s "$HOME": \\ü €', dana: "other" };

const world = withFreshWorld(async ({ use, defer }) => {
  const stack = use(
    await startStack({
      name: "rotation-settings",
      config: {
        containerRegistry: { host: "registry.example.org" },
        variant: { kind: "host", connection: { kind: "local" }, tls: { kind: "private-ca" } },
        accounts: ["jenkins", "team-a", "dana"].map((name) => ({ name, push: ["**"] })),
      },
      secrets: { passwords: JSON.stringify(given) },
    }),
  );
  for (const [name, value] of Object.entries(stack.env)) vi.stubEnv(name, value);
  defer(() => vi.unstubAllEnvs());
  return { stack, file: join(stack.stateDir, "settings/Pulumi.rotation-settings.yaml") };
});

const read = async () => new LiveRotation(await liveStack({ stack: "rotation-settings", "config-file": world().file }));

it("writes rotations that the next command and people can read", async () => {
  const jenkins = { generation: 2, date: "2027-01-15", previous: "valid" as const };
  const teamA = { generation: 1, date: "2027-01-16", previous: "current" as const };
  await (await read()).writeRotations({ jenkins, "team-a": teamA });
  await (await read()).writeRotations({ jenkins: { ...jenkins, previous: "revoked" } });
  expect((await read()).rotations).toEqual({ jenkins: { ...jenkins, previous: "revoked" }, "team-a": teamA });
  const { config } = parse(await readFile(world().file, "utf8"), { version: "1.1" });
  expect(config["container-registry:rotations"].jenkins).toMatchObject({ generation: 2, previous: "revoked" });
});

it("writes one password encrypted, leaves the others unchanged, and lists the account with two passwords", async () => {
  const rotation = await read();
  await rotation.writeGiven("team-a", ['nëw: "$(id)" \'', String(given["team-a"])]);
  expect((await read()).given).toEqual({ ...given, "team-a": ['nëw: "$(id)" \'', given["team-a"]] });
  expect(await rotation.passwords("team-a")).toHaveLength(2);
  expect(await readFile(world().file, "utf8")).not.toMatch(/nëw|HOME|other/);

  const { isHalf } = await import("../../operations/rotation/steps.ts");
  const after = await read();
  expect(after.accounts.filter((name) => isHalf(after, name))).toEqual(["team-a"]);
});

it("removes a line of the secret htpasswd, and the secret with the last one", async () => {
  const line = (name: string) => `${name}:$2y$05$${"abcDEF./0123456789".repeat(3).slice(0, 53)}`;
  await world().stack.setSecret("htpasswd", `${line("dana")}\n${line("jenkins")}\n`);
  expect((await read()).inHtpasswd).toEqual(["dana", "jenkins"]);
  await (await read()).removeFromHtpasswd("dana");
  expect((await read()).inHtpasswd).toEqual(["jenkins"]);
  expect(await readFile(world().file, "utf8")).not.toContain("$2y$");
  await (await read()).removeFromHtpasswd("jenkins");
  expect((await read()).inHtpasswd).toEqual([]);
  expect(await readFile(world().file, "utf8")).not.toContain("htpasswd");
});

it("writes rotations of accounts whose names YAML or JavaScript reads as something else", async () => {
  const rotations = Object.fromEntries(
    treacherousNames.map((name, index) => [
      name,
      { generation: index + 1, date: "2027-01-15", previous: "revoked" as const },
    ]),
  );
  const before = { dana: { generation: 3, date: "2027-01-14", previous: "current" as const } };
  await (await read()).writeRotations(before);
  const accounts = ["jenkins", "team-a", "dana", ...treacherousNames];
  await world().stack.setConfig({ accounts: accounts.map((name) => ({ name, push: ["**"] })) });
  await (await read()).writeRotations(rotations);
  const after = await read();
  expect(after.accounts).toEqual(accounts);
  expect(after.rotations).toEqual({ ...before, ...rotations });
});
