import type { Owner } from "../../settings/owner.ts";

/** The owner of what a program makes against mocks. */
export const testOwner: Owner = { id: "0123456789abcdef", stack: "container-registry/test", takeOverFrom: [] };
