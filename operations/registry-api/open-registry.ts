import { apiUrl } from "../../existing/api-url.ts";
import { type LiveStack, stackOutputs } from "../live-stack.ts";
import { loginsOf } from "./access.ts";
import { RegistryApi } from "./registry-api.ts";

/** The API of a live stack's registry, of any variant, with the stack's CA and accounts. */
export async function openRegistry(stack: LiveStack): Promise<RegistryApi> {
  const outputs = await stackOutputs(stack);
  return new RegistryApi({ url: apiUrl(outputs.registryUrl), ca: outputs.registryCa }, loginsOf(stack, outputs));
}
