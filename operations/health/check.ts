import type { Finding } from "./finding.ts";

/** A finding before its check has put its id to it. */
export type Problem = Omit<Finding, "check" | "symptoms">;

/** One question about a part of a live stack. It gets facts, and asks nobody itself. */
export type Check<Facts> = {
  /** Stays the same between versions, since scripts compare it. */
  id: string;
  /** What is right where the check finds nothing. */
  title: string;
  /** Ids of checks: where one of these finds something, this check's findings are its symptoms. @default none */
  followsFrom?: readonly string[];
  /** Whether its findings explain only those of the same part, as a node's CA explains nothing of another node. @default false */
  isLocal?: boolean;
  run(facts: Facts): readonly Problem[];
};

/** A finding with what its check says it may follow from. */
export type Found = { finding: Finding; followsFrom: readonly string[]; isLocal?: boolean };

export function found<Facts>(checks: readonly Check<Facts>[], facts: Facts): Found[] {
  return checks.flatMap(({ id, followsFrom = [], isLocal = false, run }) =>
    run(facts).map((problem) => ({ finding: { check: id, ...problem }, followsFrom, isLocal })),
  );
}

/** The findings that follow from no other one. Each names its symptoms. */
export function rootCauses(all: readonly Found[]): Finding[] {
  const causeOf = ({ finding: { where }, followsFrom }: Found) => {
    const causes = all.filter(
      ({ finding, isLocal }) => followsFrom.includes(finding.check) && (!isLocal || finding.where === where),
    );
    // A node that lost its own CA explains its failed pull better than a file on the host does.
    return causes.find(({ finding }) => finding.where === where) ?? causes[0];
  };
  const isRoot = (each: Found) => causeOf(each) === undefined;
  const rootOf = (each: Found): Found => {
    const cause = causeOf(each);
    return cause === undefined ? each : rootOf(cause);
  };
  return all.filter(isRoot).map((root) => {
    const following = all.filter((each) => each !== root && rootOf(each) === root);
    // Many nodes may have the same problem.
    const symptoms = [...new Set(following.map(({ finding }) => finding.problem))];
    return { ...root.finding, ...(symptoms.length > 0 && { symptoms }) };
  });
}
