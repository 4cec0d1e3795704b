import { expect } from "vitest";
import { clients } from "../../../../lab/clients/clients.ts";
import { type PushedImage, pushedImage } from "../pushed-image.ts";
import { request } from "../request.ts";
import { containers, hostFiles } from "./host-state.ts";
import type { RegistryStack } from "./registry-stack.ts";

/** A fault that makes an `up` fail. */
export type Fault = {
  /** The fault's name in test names, as in "a full disk". */
  what: string;
  /** The error that `up` must print, with the path and the next step. */
  says: string | RegExp;
  spoil: () => Promise<unknown>;
  mend: () => Promise<unknown>;
};

/** An unused address in the lab's network. Load balancers have addresses from 64 on, machines in the upper half. */
export const nobodysAddress = "172.30.77.50";

const jenkins = { name: "jenkins", push: ["**"] };
const teamA = { name: "team-a", push: ["team-a/**"] };
export const accounts = [jenkins, teamA];

/** A registry that serves an image, on a machine of kind `client`. The tests check that it still serves after a fault. */
export type Serving = { registry: RegistryStack; image: PushedImage; password: string };

/** Runs the first `up`, and pushes an image. */
export async function serving(registry: RegistryStack): Promise<Serving> {
  await registry.stack.up();
  return { registry, image: await pushedImage(registry), password: await registry.password("team-a") };
}

/** Writes to the stack file that team-a may push only below `folder`. */
export function setRepositories({ stack }: RegistryStack, folder: string): Promise<void> {
  return stack.setConfig({ accounts: [jenkins, { ...teamA, push: [`${folder}/**`] }] });
}

/** The proxy's status when team-a starts a push below `folder`: 202 if team-a may push there. */
export async function mayPush({ registry: { machine, host }, password }: Serving, folder: string): Promise<number> {
  const url = `https://${host}/v2/${folder}/shop/blobs/uploads/`;
  return (await request(machine, url, { method: "POST", credentials: { name: "team-a", password } })).status;
}

/**
 * Expects that `up` fails with the fault's error and changes nothing on the host. After the fault is repaired, the same `up` must
 * succeed.
 */
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
