import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random";
import type { Owner } from "../settings/owner.ts";
import type { Settings } from "../settings/settings.ts";

/**
 * Creates the id that identifies this stack as the owner of objects that other stacks could change too. The id is
 * unknown in the preview before the first `up`. Commands read the id from standard input, since an unknown value in a
 * command's text would hide the whole text in that preview.
 */
export function createOwner({ takeOverFrom }: Pick<Settings, "takeOverFrom">): pulumi.Output<Owner> {
  const { hex } = new RandomId("owner", { byteLength: 8 });
  return hex.apply((id) => ({ id, stack: `${pulumi.getProject()}/${pulumi.getStack()}`, takeOverFrom }));
}
