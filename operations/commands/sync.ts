import { defineCommand } from "citty";

/** `registry sync`: what others hold for the stack. */
export const sync = defineCommand({
  meta: {
    name: "sync",
    description: "Compare what others hold for the stack with what it wants, and mend it",
  },
  subCommands: {
    jenkins: () => import("./sync/jenkins.ts").then(({ syncJenkins }) => syncJenkins),
  },
});
