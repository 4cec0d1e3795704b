import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { finishNewProject } from "../../../../operations/new-stack/finish-new-project.ts";
import { questions, textWithExample } from "../../../../operations/new-stack/questions.ts";
import { registry } from "../../../../operations/registry.ts";
import { namespace } from "../../../../settings/namespace.ts";
import { Settings } from "../../../../settings/settings.ts";
import { temporaryFolder, withFreshWorld } from "../../../with-world.ts";
import { said } from "../output.ts";

const hostKey = questions[2].example;
const salt = "encryptionsalt: v1:abc\n";

const world = withFreshWorld(async (cleanup) => {
  const folder = temporaryFolder(cleanup, "init");
  vi.stubEnv("INIT_CWD", folder);
  cleanup.defer(() => vi.unstubAllEnvs());
  const file = join(folder, "Pulumi.team.yaml");
  await writeFile(file, salt);
  return { folder, file };
});

const machine = ["--host", "registry.example.org", "--address", "203.0.113.5", "--host-key", hostKey];

const init = (...options: string[]) =>
  said(registry, ["init", "--stack", "team", "--config-file", "Pulumi.team.yaml", ...options]);

const stackFile = async () => parse(await readFile(world().file, "utf8"));

describe("registry init", () => {
  it("writes a valid stack file below the salt, and says what is left", async () => {
    const { exitCode, stdout, stderr } = await init(...machine, "--email", "ops@example.org");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout.split("\n")).toEqual([
      "wrote Pulumi.team.yaml; what is left:",
      "  pulumi config set --secret container-registry:sshPrivateKey < ~/.ssh/registry_ed25519",
      "  pulumi preview --diff",
      "  pulumi up",
    ]);
    expect(await stackFile()).toEqual({
      encryptionsalt: "v1:abc",
      config: {
        "container-registry:containerRegistry": { host: "registry.example.org", account: "ci" },
        "container-registry:variant": {
          kind: "host",
          connection: { kind: "ssh", address: "203.0.113.5", user: "ubuntu", hostKey },
          installDocker: true,
          tls: { kind: "acme", email: "ops@example.org" },
        },
        "container-registry:accounts": [{ name: "ci", push: ["**"], delete: ["**"] }],
      },
    });
  });

  it("writes what docs/first-host.md shows, without the lines that the page adds", async () => {
    const page = await readFile(new URL("../../../../docs/first-host.md", import.meta.url), "utf8");
    const [, shown = ""] = /^```yaml\n(.*?)^```$/ms.exec(page) ?? [];
    const [, shownSalt = ""] = /^(encryptionsalt: .*\n)/m.exec(shown) ?? [];
    await writeFile(world().file, shownSalt);
    await init(...machine, "--email", "ops@example.org");
    expect(await readFile(world().file, "utf8")).toBe(shown.replaceAll(/^.* # added.*\n/gm, ""));
    const settings = Object.entries(parse(shown).config).map(([key, value]) => [key.replace(namespace, ""), value]);
    expect(Settings.parse(Object.fromEntries(settings))).toMatchObject({
      accounts: [{ name: "ci" }, { name: "team-a" }],
      immutableTags: ["**:v*"],
    });
  });

  it("keeps secrets, other keys and comments", async () => {
    const before = `${salt}# ours\nconfig:\n  kubernetes:context: production\n  container-registry:sshPrivateKey:\n    secure: v1:xyz\n`;
    await writeFile(world().file, before);
    expect((await init(...machine)).exitCode).toBe(0);
    expect((await stackFile()).config).toMatchObject({
      "kubernetes:context": "production",
      "container-registry:sshPrivateKey": { secure: "v1:xyz" },
      "container-registry:variant": { tls: { kind: "private-ca" } },
    });
    expect(await readFile(world().file, "utf8")).toContain("# ours\n");
  });

  it("takes user and host key from the user data of registry cloud-init", async () => {
    const userData = `#cloud-config\nusers: [{ name: operator }]\nssh_keys: { ed25519_public: "${hostKey}" }\n`;
    await writeFile(join(world().folder, "user-data.yaml"), userData);
    const { exitCode } = await init(...machine.slice(0, 4), "--cloud-init", "user-data.yaml");
    expect(exitCode).toBe(0);
    expect((await stackFile()).config["container-registry:variant"].connection).toMatchObject({
      user: "operator",
      hostKey,
    });
  });

  it("takes the answers to pulumi new, which options replace", async () => {
    const answers = { ...answered, "variant.connection.hostKey": "AAAA" };
    await writeFile(world().file, `${salt}${answersText(answers)}`);
    expect((await init()).stderr).toContain('--host-key = "AAAA": the machine\'s public key with its type in front');
    expect((await init("--host-key", hostKey)).exitCode).toBe(0);
    expect(Object.keys((await stackFile()).config)).toEqual([
      "container-registry:containerRegistry",
      "container-registry:variant",
      "container-registry:accounts",
    ]);
  });

  it.each<[string, string[], number, string]>([
    [salt, [], 2, "there is no terminal to ask in; give --host, --address, --host-key as well"],
    [salt, [...machine, "--email", "nobody"], 2, '--email = "nobody": an e-mail address'],
    [salt, [...machine, "--cloud-init", "missing"], 1, "missing cannot be read"],
    [`${salt}config: [`, machine, 1, "is no YAML"],
    [
      "config:\n  container-registry:accounts: []\n",
      machine,
      1,
      "Pulumi.team.yaml has settings already, as container-registry:accounts, and stays as it is",
    ],
  ])("changes nothing in %j with %j", async (text, options, exitCode, message) => {
    await writeFile(world().file, text);
    const result = await init(...options);
    expect(result.exitCode).toBe(exitCode);
    expect(result.stderr).toContain(message);
    expect(await readFile(world().file, "utf8")).toBe(text);
  });
});

describe("finishNewProject", () => {
  it("turns answers into settings in each stack file that has them, and says which it cannot", async () => {
    const { folder, file } = world();
    await writeFile(file, `${salt}${answersText(answered)}`);
    await writeFile(
      join(folder, "Pulumi.wrong.yaml"),
      answersText({ ...answered, "containerRegistry.host": "Registry" }),
    );
    const both = `${answersText(answered)}  container-registry:accounts: []\n`;
    await writeFile(join(folder, "Pulumi.old.yaml"), both);
    await writeFile(join(folder, "Pulumi.yaml"), "name: container-registry\n");
    const lines: string[] = [];
    const error = vi.spyOn(console, "error").mockImplementation((line) => void lines.push(String(line)));
    await finishNewProject(folder);
    error.mockRestore();

    expect(lines.sort()).toEqual([
      expect.stringMatching(/^Pulumi\.old\.yaml is not done: Pulumi\.old\.yaml has settings already/),
      "Pulumi.team.yaml has your answers as settings",
      expect.stringMatching(
        /^Pulumi\.wrong\.yaml is not done: .*\n.*--host = "Registry".*\nAnswer again: npm run -s registry -- init$/,
      ),
    ]);
    expect((await stackFile()).config["container-registry:variant"].connection.address).toBe("203.0.113.5");
    expect(await readFile(join(folder, "Pulumi.old.yaml"), "utf8")).toBe(both);
  });
});

describe("the questions", () => {
  it("are those of pulumi new", async () => {
    const { template } = parse(await readFile(new URL("../../../../Pulumi.yaml", import.meta.url), "utf8"));
    const asked = questions.map((question) => [
      `container-registry:${question.path}`,
      { description: question.text, ...("default" in question && question.default && { default: question.default }) },
    ]);
    expect(template.config).toEqual(Object.fromEntries(asked));
  });

  it("show a short example", () => {
    expect(
      questions
        .map(textWithExample)
        .map((text) => text.length)
        .filter((length) => length > 110),
    ).toEqual([]);
  });
});

const answered = {
  "containerRegistry.host": "registry.example.org",
  "variant.connection.address": "203.0.113.5",
  "variant.connection.hostKey": hostKey,
  "variant.connection.user": "ubuntu",
};

/** As `pulumi new` writes answers. */
function answersText(answers: Record<string, string>): string {
  return `config:\n${Object.entries(answers)
    .map(([path, answer]) => `  container-registry:${path}: ${answer}\n`)
    .join("")}`;
}
