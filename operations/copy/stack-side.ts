import { apiUrl } from "../../existing/api-url.ts";
import type { StackArgs } from "../common-args.ts";
import { liveStack, stackOutputs } from "../live-stack.ts";
import { loginsOf } from "../registry-api/access.ts";
import { RegistryApi } from "../registry-api/registry-api.ts";
import { type Side, tries } from "./side.ts";

/** The registry of the stack that a command's arguments name, with the stack's accounts and CA. */
export async function openStack(args: StackArgs): Promise<Side> {
  const stack = await liveStack(args);
  const outputs = await stackOutputs(stack);
  const [url, ca, logins] = [apiUrl(outputs.registryUrl), outputs.registryCa, loginsOf(stack, outputs)];
  return { api: new RegistryApi({ url, ca }, logins, { tries }), host: new URL(url).host, ca, logins };
}
