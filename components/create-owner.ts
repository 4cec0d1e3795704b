import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random";
import type { Owner } from "../settings/owner.ts";
import type { Settings } from "../settings/settings.ts";

/**
 * Creates the owner of everything that other stacks could change too. The id is unknown in the preview before the first
 * `up`. So commands get it by standard input: in a command's text, an unknown value would hide the text in the preview.
 */
export function createOwner({ takeOverFrom }: Pick<Settings, "takeOverFrom">): pulumi.Output<Owner> {
  const { hex } = new RandomId("owner", { byteLength: 8 });
  return hex.apply((id) => ({ id, stack: `${pulumi.getProject()}/${pulumi.getStack()}`, takeOverFrom }));
}
