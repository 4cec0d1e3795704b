import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { docker, label } from "../../../lab/docker/docker.ts";
import { debianImage } from "../../../lab/images/debian-image.ts";

const checkout = join(import.meta.dirname, "../../..");
const name = `container-registry-lab-bare-debian-${randomBytes(4).toString("hex")}`;

/**
 * apt's configuration in Debian's official container images: it deletes the downloaded packages after each `apt-get update`.
 */
const deleteArchives = 'APT::Update::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };\n';

/** Shell command that runs `apt-get update` again and again for ten minutes, as another process on the machine might. */
const otherAptRuns = "end=$(($(date +%s) + 600)); while [ $(date +%s) -lt $end ]; do apt-get update -qq; done";

/** Starts a container of the Debian that debootstrap installs, with this machine's Node.js and this checkout, read-only. */
beforeAll(async () => {
  const image = await debianImage();
  const mounts = [`${process.execPath}:/usr/local/bin/node:ro`, `${checkout}:${checkout}:ro`];
  const options = ["--name", name, "--label", label, ...mounts.flatMap((mount) => ["--volume", mount])];
  await docker(["run", "--detach", ...options, image, "sleep", "infinity"]);
  await inside(["sh", "-c", "cat >/etc/apt/apt.conf.d/delete-archives"], deleteArchives);
});
afterAll(() => docker(["rm", "--force", name]));

describe("a bare Debian", () => {
  it.each(["/usr/sbin/sshd", "busybox", "gawk", "xxd"])("lacks %s", async (program) => {
    expect(await has(program)).toBe(false);
  });
});

describe("two test processes that start an sshd at once on a bare Debian", () => {
  it("both have it running, and one of them alone has installed it", async () => {
    const start = `const { startSshd } = await import("${checkout}/test/engine/sshd.ts");
      await (await startSshd())[Symbol.asyncDispose]();`;
    const outputs = await Promise.all([evaluated(start), evaluated(start)]);
    expect(outputs.filter((output) => output.includes("▸ Debian packages: install openssh-server"))).toHaveLength(1);
  });
});

describe("two processes that want overlapping programs at once, while somebody else runs apt-get update", () => {
  it("both have all of theirs", async () => {
    await docker(["exec", "--detach", name, "sh", "-c", otherAptRuns]);
    const want = (programs: Record<string, string[]>) =>
      evaluated(`const { ensurePrograms } = await import("${checkout}/lab/debian/debian.ts");
        await ensurePrograms(${JSON.stringify(programs)}, "not on Debian as root");`);
    await Promise.all([
      want({ busybox: ["busybox"], gawk: ["gawk"] }),
      want({ gawk: ["gawk"], xxd: ["xxd"], git: ["git"] }),
    ]);

    await inside(["busybox", "true"]);
    await inside(["gawk", "BEGIN { exit 0 }"]);
    await inside(["xxd", "--version"]);
    await inside(["git", "--version"]);
  });
});

/** Runs TypeScript in a new Node.js process in the container, and returns its output. */
async function evaluated(program: string): Promise<string> {
  const args = ["--import", "tsx", "--input-type=module", "--eval", program];
  return inside(["node", ...args]);
}

async function inside(command: string[], input = ""): Promise<string> {
  const hasInput = input !== "";
  const args = ["exec", ...(hasInput ? ["--interactive"] : []), "--workdir", checkout, name, ...command];
  const stdin = hasInput ? { input } : { stdin: "ignore" as const };
  const { all } = await execa("docker", args, { ...stdin, all: true, timeout: 300_000 });
  return all;
}

async function has(program: string): Promise<boolean> {
  const args = ["exec", name, "sh", "-c", 'command -v "$0"', program];
  return (await execa("docker", args, { reject: false })).exitCode === 0;
}
