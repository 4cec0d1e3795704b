import { defineCommand } from "citty";

/**
 * `registry sync`: compares what other systems store for the stack, such as Jenkins, with the stack file, and repairs
 * it.
 */
export const sync = defineCommand({
  meta: {
    name: "sync",
    description: "Compare what others hold for the stack with what it wants, and mend it",
  },
  subCommands: {
    jenkins: () => import("./sync/jenkins.ts").then(({ syncJenkins }) => syncJenkins),
  },
});
