import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random";
import type { Owner } from "../settings/owner.ts";
import type { Settings } from "../settings/settings.ts";

/**
 * Who owns what this stack makes where other stacks can reach it. The id is unknown in the preview before the first `up`, so
 * it belongs into standard input, which a preview does not show: in a command's text it would hide the whole text.
 */
export function createOwner({ takeOverFrom }: Pick<Settings, "takeOverFrom">): pulumi.Output<Owner> {
  const { hex } = new RandomId("owner", { byteLength: 8 });
  return hex.apply((id) => ({ id, stack: `${pulumi.getProject()}/${pulumi.getStack()}`, takeOverFrom }));
}
