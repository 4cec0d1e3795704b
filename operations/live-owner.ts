import type { Owner } from "../settings/owner.ts";
import type { LiveStack } from "./live-stack.ts";
import { OperationError } from "./operation-error.ts";
import { pulumi } from "./pulumi.ts";

type State = { deployment?: { resources?: { urn: string; outputs?: { hex?: string } }[] } };

/** The owner that owner labels name for this stack. Reads its id from the stack's state, where alone it is stored. */
export async function liveOwner({ name, settings }: Pick<LiveStack, "name" | "settings">): Promise<Owner> {
  const { deployment } = JSON.parse(await pulumi(["stack", "export", "--stack", name])) as State;
  const owner = deployment?.resources?.find(({ urn }) => urn.endsWith("::random:index/randomId:RandomId::owner"));
  const id = owner?.outputs?.hex;
  if (owner === undefined || id === undefined)
    throw new OperationError(`stack ${name} has no owner id in its state yet; first: pulumi up --stack ${name}`);
  // The same text as in owner labels: PROJECT/STACK, without organization. The URN is urn:pulumi:STACK::PROJECT::TYPE::NAME.
  const [, project] = owner.urn.split("::");
  return { id, stack: `${project}/${name.split("/").at(-1)}`, takeOverFrom: settings.takeOverFrom };
}
