import { join } from "node:path";
import { expect, it } from "vitest";
import { type PulumiStack, startStack } from "../../lab/engine/pulumi-stack.ts";
import { withWorld } from "../with-world.ts";

const checkout = join(import.meta.dirname, "../..");
const pack = ["--policy-pack", join(checkout, "policy")];
const packOfOnesOwn = ["--policy-pack", join(checkout, "examples/policy")];
const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtleWtleWtleWtleWtleWtleWtleWtleWtleWtleWtl";
const connection = { kind: "ssh", address: "192.0.2.5", user: "root", agent: true, hostKey };
const wrong = {
  containerRegistry: { host: "registry.example.org", account: "jenkins" },
  variant: { kind: "host", connection, tls: { kind: "none" } },
  accounts: [
    { name: "jenkins", push: ["**"] },
    { name: "dana", push: ["**"] },
  ],
};
const right = {
  variant: { kind: "host", connection, tls: { kind: "private-ca" } },
  accounts: [{ name: "jenkins", push: ["**"] }],
  immutableTags: ["**:v*"],
  backup: { to: { kind: "directory", path: "/mnt/backup" } },
};

const world = withWorld(async ({ use }): Promise<{ stack: PulumiStack }> => {
  return { stack: use(await startStack({ name: "prod", config: wrong })) };
});

it("the policy pack › fails a preview with every violation, and passes the preview of a stack without one", async () => {
  const { stack } = world();
  const { exitCode, output } = await stack.start(["preview", ...pack]).result;
  const violated = [...output.matchAll(/\[mandatory\] +([\w-]+) +\(container-registry:host:RegistryHost: registry\)/g)];
  expect(violated.map(([, policy]) => policy).sort(), output).toEqual([
    "backups-in-production",
    "immutable-release-tags",
    "no-plain-http",
    "no-push-everywhere",
  ]);
  expect(exitCode).not.toBe(0);

  await stack.setSecret("backupPassword", "correct horse battery staple");
  await stack.setConfig(right);
  const { output: passed } = await stack.preview({ flags: pack });
  expect(passed).toContain("✅ container-registry@v");
});

it("the example of a pack of one's own › is asked beside this project's pack, and names the account without an end", async () => {
  const { stack } = world();
  await stack.setConfig({ ...right, accounts: [...right.accounts, { name: "dana", push: ["dana/**"] }] });
  const flags = [...pack, ...packOfOnesOwn];
  const { exitCode, output } = await stack.start(["preview", ...flags]).result;
  expect(output).toContain("account dana has no end; give it one, as in expires: 2027-03-31");
  expect(output).not.toContain("account jenkins has no end");
  expect(exitCode).not.toBe(0);

  await stack.setConfig({ accounts: [...right.accounts, { name: "dana", push: ["dana/**"], expires: "2027-03-31" }] });
  const { output: passed } = await stack.preview({ flags });
  expect(passed).toContain("✅ example-policies@v");
});
