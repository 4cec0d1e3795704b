import { expect } from "vitest";
import { clients } from "../../../../lab/clients/clients.ts";
import { testImage } from "../../../../lab/images/test-image.ts";
import { registryCommand } from "../registry-command.ts";
import type { RegistryStack } from "./registry-stack.ts";

/** The digests of images, by `REPOSITORY:TAG`. */
export type Pushed = Record<string, string>;

/** Pushes a new image from the host itself, and returns its digest. */
export async function pushNew({ machine, host, password }: RegistryStack, image: string): Promise<string> {
  const jenkins = { name: "jenkins", password: await password("jenkins") };
  const pushed = await clients.skopeo.push(machine, await testImage(machine), `${host}/${image}`, jenkins);
  if (!pushed.ok) throw new Error(`the push failed: ${pushed.output}`);
  return pushed.digest;
}

/** Pulls every image that was pushed, and compares its digest. */
export async function expectAllPull({ machine, host }: Pick<RegistryStack, "machine" | "host">, pushed: Pushed) {
  for (const [image, digest] of Object.entries(pushed))
    expect(await clients.skopeo.pull(machine, `${host}/${image}`)).toMatchObject({ ok: true, digest });
}

/** Runs restic's own check, which reads everything, with the settings of the host. */
export function resticCheck({ machine }: RegistryStack, option = ""): Promise<string> {
  return machine.run(`cd /etc/container-registry/backup && . ./settings
    export AWS_SHARED_CREDENTIALS_FILE=$PWD/s3-keys AWS_DEFAULT_REGION=$region
    [ -z "$sftp_command" ] || set -- -o "sftp.command=$sftp_command"
    restic "$@" --repo "$repository" --password-file password check --read-data ${option}`);
}

/** What a command of the registry prints as JSON. Throws if the command fails. */
export async function commandReport(
  stack: RegistryStack["stack"],
  ...args: string[]
): Promise<Record<string, unknown>> {
  const { exitCode, stdout, output } = await registryCommand(stack, [...args, "--json"]).result;
  if (exitCode !== 0) throw new Error(output);
  return JSON.parse(stdout);
}
