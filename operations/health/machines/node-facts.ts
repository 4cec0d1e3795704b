import { type AppliedFacts, appliedFacts, lines } from "./applied-facts.ts";

/** What a node says of its runtime and of the registry. */
export type NodeFacts = AppliedFacts & {
  /** The addresses that the node's resolver gives for the registry's name. */
  resolves: readonly string[];
  /** Lines of other people's in the node's files that win over those of the stack. */
  shadows: readonly { path: string; line: string }[];
  /** The runtime's systemd units that the node has. */
  units: readonly { name: string; isActive: boolean }[];
  /** The units that have not read the stack's files yet. */
  restarts: readonly string[];
  /** How each of the registry's URLs answered: curl's exit code, and the HTTP status. */
  asked: readonly { url: string; exitCode: number; status: number }[];
  /** Undefined where no pull was tried. */
  pull?: { ok: true } | { ok: false; said: string };
};

/** Reads what the script of nodeHealthScript prints. */
export function nodeFacts(output: string): NodeFacts {
  const [failure] = lines(output, "pull-failed");
  const pulled = lines(output, "pulled").length > 0;
  return {
    ...appliedFacts(output),
    resolves: lines(output, "resolves").flat().filter(Boolean),
    shadows: lines(output, "shadow").map(([path = "", ...line]) => ({ path, line: line.join(" ") })),
    units: lines(output, "unit")
      .filter(([, loaded]) => loaded === "loaded")
      .map(([name = "", , active]) => ({ name, isActive: active === "active" })),
    restarts: lines(output, "restart").map(([unit = ""]) => unit),
    asked: lines(output, "asked").map(([url = "", exitCode, status]) => ({
      ...{ url, exitCode: Number(exitCode), status: Number(status) },
    })),
    ...(failure && { pull: { ok: false, said: failure.join(" ") } as const }),
    ...(pulled && { pull: { ok: true } as const }),
  };
}
