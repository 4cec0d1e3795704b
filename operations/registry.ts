import { defineCommand } from "citty";

/** The root command, whose subcommands work on a live stack. Only the module of the called subcommand is loaded. */
export const registry = defineCommand({
  meta: {
    name: "registry",
    description: "Day-2 work on a live stack",
    details: ["What docs/operations.md tells at length. Each command has a --help of its own."],
  },
  subCommands: {
    status: () => import("./commands/status.ts").then(({ status }) => status),
    init: () => import("./commands/init.ts").then(({ init }) => init),
    "cloud-init": () => import("./commands/cloud-init.ts").then(({ cloudInitCommand }) => cloudInitCommand),
    "import-env": () => import("./commands/import-env.ts").then(({ importEnv }) => importEnv),
    "export-env": () => import("./commands/export-env.ts").then(({ exportEnv }) => exportEnv),
    logs: () => import("./commands/logs.ts").then(({ logs }) => logs),
    restart: () => import("./commands/restart.ts").then(({ restart }) => restart),
    renew: () => import("./commands/renew.ts").then(({ renew }) => renew),
    doctor: () => import("./commands/doctor.ts").then(({ doctor }) => doctor),
    usage: () => import("./commands/usage.ts").then(({ usage }) => usage),
    images: () => import("./commands/images.ts").then(({ images }) => images),
    inspect: () => import("./commands/inspect.ts").then(({ inspect }) => inspect),
    credentials: () => import("./commands/credentials.ts").then(({ credentials }) => credentials),
    copy: () => import("./commands/copy.ts").then(({ copy }) => copy),
    "push-images": () => import("./commands/push-images.ts").then(({ pushImages }) => pushImages),
    rotate: () => import("./commands/rotate.ts").then(({ rotate }) => rotate),
    backup: () => import("./commands/backup.ts").then(({ backup }) => backup),
    restore: () => import("./commands/restore.ts").then(({ restore }) => restore),
    "move-host": () => import("./commands/move-host.ts").then(({ moveHostCommand }) => moveHostCommand),
    notify: () => import("./commands/notify.ts").then(({ notify }) => notify),
    collect: () => import("./commands/collect.ts").then(({ collect }) => collect),
    sync: () => import("./commands/sync.ts").then(({ sync }) => sync),
    revoke: () => import("./commands/revoke.ts").then(({ revoke }) => revoke),
    delete: () => import("./commands/delete.ts").then(({ deleteImages }) => deleteImages),
    retain: () => import("./commands/retain.ts").then(({ retain }) => retain),
  },
});
