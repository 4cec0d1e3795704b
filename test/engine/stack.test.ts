import { X509Certificate } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { startStack } from "../../lab/engine/pulumi-stack.ts";
import { withWorld } from "../with-world.ts";
import { builtProject } from "./projects.ts";
import { startSshd } from "./sshd.ts";
import { step } from "./step.ts";

const world = withWorld(async ({ use }) => {
  const sshd = use(await startSshd());
  const { host, port, user, hostKey, privateKey } = sshd.connection;
  await mkdir(join(sshd.folder, "there"));
  await writeFile(join(sshd.folder, "file"), "sent");
  const stack = use(
    await startStack({
      name: "test",
      projectDir: builtProject("tiny"),
      config: {
        machine: { host, port, user, hostKey },
        greetings: ["hello", "welcome"],
        folder: join(sshd.folder, "there"),
        sendFile: join(sshd.folder, "file"),
      },
      secrets: { sshPrivateKey: privateKey },
    }),
  );
  return { sshd, stack };
});

/** Every file of the state, as one text. */
async function stateText(): Promise<string> {
  const entries = await readdir(join(world().stack.stateDir, "state"), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return (await Promise.all(files.map((file) => readFile(file, "utf8")))).join("\n");
}

it("a stack › is created, changed, rotated, interrupted and destroyed by literal pulumi commands", {
  timeout: 900_000,
}, async () => {
  const { sshd, stack } = world();

  await step("is made by a literal pulumi up", async () => {
    const { output } = await stack.up({ preview: true });
    expect(output).toMatch(/\+ \d+ created/);
    const { outputs, secretPassword } = await stack.outputs();
    expect(outputs).toMatchObject({ here: "here", there: "hello\nwelcome" });
    expect(await readFile(join(sshd.folder, "there/password"), "utf8")).toBe(secretPassword);
    expect(await readFile(join(sshd.folder, "there/sent"), "utf8")).toBe("sent");
  });

  await step("has a leaf that its authority signed", async () => {
    const { outputs } = await stack.outputs();
    const { ca, leaf } = outputs as { ca: string; leaf: string };
    expect(new X509Certificate(leaf).verify(new X509Certificate(ca).publicKey)).toBe(true);
  });

  await step("has nothing to do the second time, and dials nobody", async () => {
    const dialled = await sshd.connections();
    const { output } = await stack.up({ preview: true });
    expect(output).not.toMatch(/\d+ (created|updated|replaced|deleted)/);
    expect(output).toMatch(/\d+ unchanged/);
    await stack.preview({ expectNoChanges: true });
    expect(await sshd.connections()).toBe(dialled);
  });

  await step("shows the changed line of a command, and no secret", async () => {
    await stack.setConfig({ greetings: ["hello", "goodbye"] });
    const { output } = await stack.preview({ diff: true });
    expect(changedLines(output)).toEqual(["- echo welcome", "+ echo goodbye"]);
    expect(output).not.toContain(String((await stack.outputs()).secretPassword));
  });

  await step("runs create again for it, over one connection", async () => {
    const dialled = await sshd.connections();
    const { output } = await stack.up();
    expect(output).toContain("~ 1 updated");
    expect((await sshd.connections()) - dialled).toBe(1);
    expect((await stack.outputs()).outputs).toMatchObject({ there: "hello\ngoodbye" });
  });

  await step("sends a file again once it has changed", async () => {
    await writeFile(join(sshd.folder, "file"), "sent anew");
    const { output } = await stack.up();
    expect(output).toContain("~ 1 updated");
    expect(await readFile(join(sshd.folder, "there/sent"), "utf8")).toBe("sent anew");
  });

  await step("takes a new secret from pulumi config set --secret", async () => {
    await stack.setSecret("sshPrivateKey", sshd.lockedKey.privateKey);
    await expect(stack.up()).rejects.toThrow("ssh: this private key is passphrase protected");
    await stack.setSecret("sshPrivateKey", sshd.privateKey);
    await stack.up();
  });

  await step("rotates a password by its keeper, and the machine gets the new one", async () => {
    const { secretPassword: before } = await stack.outputs();
    await stack.setConfig({ rotate: "2" });
    await stack.up();
    const { secretPassword: after } = await stack.outputs();
    expect(after).not.toBe(before);
    expect(await readFile(join(sshd.folder, "there/password"), "utf8")).toBe(after);
  });

  await step("renews a leaf on an ordinary up", async () => {
    const leafOf = async () => (await stack.outputs()).outputs as { leaf: string; ca: string };
    const before = await leafOf();
    await stack.setConfig({ earlyRenewalHours: 24 });
    const { output } = await stack.preview({ diff: true });
    expect(output).toContain("readyForRenewal");
    await stack.up();
    const after = await leafOf();
    expect(after.leaf).not.toBe(before.leaf);
    expect(after.ca).toBe(before.ca);
    await stack.setConfig({ earlyRenewalHours: 1 });
    await stack.up();
  });

  await step("fails with the command, its output and a message of ours", async () => {
    await stack.setConfig({ greetings: ["hello", "'then it breaks'; false"] });
    await expect(stack.up()).rejects.toThrow(
      /pulumi up --yes --skip-preview failed with exit code [\s\S]*then it breaks/,
    );
    await stack.setConfig({ greetings: ["hello"] });
    await stack.up();
  });

  await step("names the machine that is down, in bounded time", async () => {
    const { host, user, hostKey } = sshd.connection;
    await stack.setConfig({ machine: { host, user, hostKey, port: 1 } });
    await expect(stack.up()).rejects.toThrow("dial tcp 127.0.0.1:1: connect: connection refused");
    await stack.setConfig({ machine: { host, user, hostKey, port: sshd.port } });
  });

  await step("converges after an up that was killed half-way", async () => {
    await stack.setConfig({ greetings: ["hello", "'half-way'; sleep 5", "done"] });
    const running = stack.startUp();
    await vi.waitUntil(() => running.output().includes("half-way"), { timeout: 90_000 });
    await running.kill();
    await expect(stack.up()).rejects.toThrow("the stack is currently locked");
    await stack.unlock();
    await stack.setConfig({ greetings: ["hello", "done"] });
    await stack.up();
    expect((await stack.outputs()).outputs).toMatchObject({ there: "hello\ndone" });
    await stack.preview({ expectNoChanges: true });
  });

  await step("keeps no side files, which are written in place and may be cut short", async () => {
    const files = await readdir(join(stack.stateDir, "state"), { recursive: true });
    expect(files).toContainEqual(expect.stringMatching(/test\.json$/));
    expect(files.filter((file) => file.endsWith(".attrs"))).toEqual([]);
  });

  await step("keeps no secret in its state and output", async () => {
    const password = String((await stack.outputs()).secretPassword);
    await stack.setConfig({ greetings: ["hello", "all"] });
    const { output } = await stack.up({ preview: true, flags: ["--diff"] });
    const keyLine = sshd.privateKey.split("\n")[2] ?? "";
    const texts = { state: await stateText(), output, exported: JSON.stringify(await stack.exportState()) };
    for (const [where, text] of Object.entries(texts)) {
      expect(text).toContain("there");
      expect(text.includes(password), `password in ${where}`).toBe(false);
      expect(text.includes(keyLine), `private key in ${where}`).toBe(false);
      expect(text, where).not.toMatch(/-----BEGIN (EC |RSA )?PRIVATE KEY-----/);
    }
  });

  await step("writes nothing into the project", async () => {
    expect((await readdir(stack.projectDir)).sort()).toEqual(["Pulumi.yaml", "index.mjs"]);
  });

  await step("is destroyed with the connection of its state, and leaves what has no delete", async () => {
    await rm(join(sshd.folder, "file"));
    await writeFile(join(sshd.folder, "file"), "irrelevant");
    await stack.destroy();
    expect(await readdir(join(sshd.folder, "there"))).toEqual(["sent"]);
    expect(JSON.stringify(await stack.exportState())).not.toContain("command:remote:Command");
  });
});

/** Lines of a multi-line text that `preview --diff` marks. */
function changedLines(output: string): string[] {
  return output
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /^[-+] echo/.test(line));
}
