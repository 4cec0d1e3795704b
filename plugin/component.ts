import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { RegistryEndpoint } from "../components/registry-endpoint.ts";
import type { Problem } from "../settings/errors/problems.ts";
import type { Owner } from "../settings/owner.ts";
import type { ClearSecrets, SecretName, Secrets } from "../settings/secrets/secrets.ts";

/** A component of the package. A program in any language creates it. */
export type PackageComponent<Checked> = {
  /** The last part of its type token, as in RegistryHost. */
  name: string;
  description: string;
  /** Its inputs in plain text. Where the stack file has a key of that name, the schema is the stack file's. */
  settings: z.ZodObject;
  /** Its secret inputs: secrets of the stack file. */
  secrets: readonly SecretName[];
  /** Whether it is for a registry, which the input `endpoint` names. */
  hasEndpoint: boolean;
  /** What it returns. */
  outputs: Record<string, z.ZodType>;
  /** Checks settings and secrets. A value that a preview does not know is `unknownValue`, and so a problem. */
  check(settings: Record<string, unknown>, secrets: ClearSecrets): { checked?: Checked; problems: Problem[] };
  /** Creates its resources below `parent`, and returns its outputs. */
  create(args: Creation<Checked>): Promise<pulumi.Inputs>;
};

type Creation<Checked> = {
  name: string;
  checked: Checked;
  secrets: Secrets;
  endpoint: RegistryEndpoint;
  /** The component as the owner of what it writes to machines, clusters and Jenkins. */
  owner: pulumi.Output<Owner>;
  parent: pulumi.Resource;
};
