import { clients, trust } from "../../../lab/clients/clients.ts";
import { testImage } from "../../../lab/images/test-image.ts";
import type { RegistryStack } from "./host/registry-stack.ts";

export type PushedImage = { reference: string; digest: string };

/** Pushes a small image through the proxy, from the host itself, which must be a machine of kind `client`. */
export async function pushedImage({ machine, stack, host }: RegistryStack): Promise<PushedImage> {
  const { registryCa, accounts } = await stack.outputs();
  await trust(machine, host, String(registryCa));
  const reference = `${host}/docker-internal/p2c/shop:1`;
  const jenkins = { name: "jenkins", password: String(Object(accounts).jenkins) };
  const pushed = await clients.curl.push(machine, await testImage(machine), reference, jenkins);
  if (!pushed.ok) throw new Error(`pushing ${reference} failed: ${pushed.output}`);
  return { reference, digest: pushed.digest };
}
