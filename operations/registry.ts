import { defineCommand } from "citty";

/** The command line: what can be done to a live stack. */
export const registry = defineCommand({
  meta: {
    name: "registry",
    description: "Day-2 work on a live stack",
    details: ["What docs/operations.md tells at length. Each command has a --help of its own."],
  },
  subCommands: {},
});
