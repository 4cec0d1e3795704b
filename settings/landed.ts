import type { Settings } from "./settings.ts";

/** What a stack file may say although nothing serves it yet. Landing one is deleting its line. */
const notLanded: { asked: (settings: Settings) => boolean; what: string }[] = [
  { asked: ({ variant }) => variant.kind === "cluster", what: "variant cluster" },
  { asked: ({ variant }) => variant.kind === "hybrid", what: "variant hybrid" },
  { asked: ({ variant }) => variant.kind === "host" && variant.proxy === "traefik", what: "variant.proxy traefik" },
  { asked: ({ variant }) => "ui" in variant && variant.ui.kind !== "none", what: "variant.ui" },
  { asked: ({ nodes }) => nodes.length > 0, what: "nodes" },
  { asked: ({ nodeDaemonSet }) => nodeDaemonSet !== undefined, what: "nodeDaemonSet" },
  { asked: ({ jenkins }) => jenkins !== undefined, what: "jenkins" },
  { asked: ({ pipelineConfig }) => pipelineConfig !== undefined, what: "pipelineConfig" },
  { asked: ({ pullSecrets }) => pullSecrets.length > 0, what: "pullSecrets" },
  { asked: ({ flux }) => flux !== undefined, what: "flux" },
  { asked: ({ rotateEvery }) => rotateEvery !== undefined, what: "rotateEvery" },
  { asked: ({ garbageCollection }) => garbageCollection !== undefined, what: "garbageCollection" },
  { asked: ({ backup }) => backup !== undefined, what: "backup" },
  { asked: ({ notify }) => notify !== undefined, what: "notify" },
];

/** What these settings ask for that has not landed, as a stack file spells it. */
export function notLandedIn(settings: Settings): string[] {
  return notLanded.filter(({ asked }) => asked(settings)).map(({ what }) => what);
}
