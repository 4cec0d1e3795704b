/**
 * What the keys of this program begin with in a stack file. It is not the Pulumi project's name, which `pulumi new` lets
 * everybody choose.
 */
export const namespace = "container-registry:";
