import { expect } from "vitest";
import { clients } from "../../../../lab/clients/clients.ts";
import { type PushedImage, pushedImage } from "../pushed-image.ts";
import { request } from "../request.ts";
import { containers, hostFiles } from "./host-state.ts";
import type { RegistryStack } from "./registry-stack.ts";

/** Something that keeps an `up` from its end. */
export type Fault = {
  /** As in "a full disk". */
  what: string;
  /** What `up` must say, with the place and the way out. */
  says: string | RegExp;
  spoil: () => Promise<unknown>;
  mend: () => Promise<unknown>;
};

const jenkins = { name: "jenkins", push: ["**"] };
const teamA = { name: "team-a", push: ["team-a/**"] };
export const accounts = [jenkins, teamA];

/** A registry on a machine of kind `client`, seen to serve, and to be seen to go on serving. */
export type Serving = { registry: RegistryStack; image: PushedImage; password: string };

/** The first `up`, and a first push. */
export async function serving(registry: RegistryStack): Promise<Serving> {
  await registry.stack.up();
  return { registry, image: await pushedImage(registry), password: await registry.password("team-a") };
}

/** Has `up` give team-a other repositories. */
export function setRepositories({ stack }: RegistryStack, folder: string): Promise<void> {
  return stack.setConfig({ accounts: [jenkins, { ...teamA, push: [`${folder}/**`] }] });
}

/** Whether team-a may push there, as the proxy answers. */
export async function mayPush({ registry: { machine, host }, password }: Serving, folder: string): Promise<number> {
  const url = `https://${host}/v2/${folder}/shop/blobs/uploads/`;
  return (await request(machine, url, { method: "POST", credentials: { name: "team-a", password } })).status;
}

/** `up` fails with its reason, all serves as it did; the same `up` with the fault mended does what it was to do. */
export async function expectFailureThenSuccess(served: Serving, fault: Fault, folder: string): Promise<void> {
  const { machine, stack } = served.registry;
  await setRepositories(served.registry, folder);
  await fault.spoil();
  const before = { files: await hostFiles(machine), containers: await containers(machine) };

  const { exitCode, output, seconds } = await stack.startUp().result;
  expect(exitCode).not.toBe(0);
  expect(output).toMatch(fault.says);
  expect(seconds).toBeLessThan(120);
  expect({ files: await hostFiles(machine), containers: await containers(machine) }).toEqual(before);
  await expectServes(served);
  expect(await mayPush(served, folder)).toBe(403);

  await fault.mend();
  await stack.up();
  await expectServes(served);
  expect(await mayPush(served, folder)).toBe(202);
}

export async function expectServes({ registry, image }: Serving): Promise<void> {
  const pulled = await clients.curl.pull(registry.machine, image.reference);
  expect(pulled).toEqual({ ok: true, digest: image.digest });
}
