import { z } from "zod";
import { KubernetesName, Namespace } from "../formats/kubernetes-name.ts";

/** A Kubernetes Secret with which the pods of one namespace pull images. */
export const PullSecret = z
  .strictObject({
    namespace: Namespace.describe("Where the pods run"),
    name: KubernetesName.describe("The Secret's name").meta({ examples: ["registry"] }),
    account: z.string().optional().describe("Whose credentials, a name of `accounts`; not with variant existing"),
    defaultServiceAccount: z.boolean().default(false).describe("Add it to the namespace's default ServiceAccount"),
  })
  .describe("A Secret pods of one namespace pull with");

export type PullSecret = z.output<typeof PullSecret>;
