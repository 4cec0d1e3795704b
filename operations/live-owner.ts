import type { Owner } from "../settings/owner.ts";
import type { LiveStack } from "./live-stack.ts";
import { OperationError } from "./operation-error.ts";
import { pulumi } from "./pulumi.ts";

type State = { deployment?: { resources?: { urn: string; outputs?: { hex?: string } }[] } };

/** What others know the stack by. Its id is in its state alone. */
export async function liveOwner({ name, settings }: Pick<LiveStack, "name" | "settings">): Promise<Owner> {
  const { deployment } = JSON.parse(await pulumi(["stack", "export", "--stack", name])) as State;
  const id = deployment?.resources?.find(({ urn }) => urn.endsWith("::random:index/randomId:RandomId::owner"))?.outputs
    ?.hex;
  if (id === undefined)
    throw new OperationError(`stack ${name} has no owner id in its state yet; first: pulumi up --stack ${name}`);
  // As the program has it: the project's name is fixed, and a stack's may come with its organization's before it.
  return { id, stack: `container-registry/${name.split("/").at(-1)}`, takeOverFrom: settings.takeOverFrom };
}
