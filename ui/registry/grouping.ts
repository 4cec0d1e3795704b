export type GroupedRow = { kind: "group"; path: string } | { kind: "repository"; repository: string; name: string };

/** Groups sorted repositories below a row for each path they share; those without a path come first. */
export function grouped(repositories: readonly string[]): GroupedRow[] {
  const groups = new Map<string, GroupedRow[]>([["", []]]);
  for (const repository of repositories) {
    const path = repository.slice(0, repository.lastIndexOf("/") + 1);
    const rows = groups.get(path) ?? [{ kind: "group", path }];
    rows.push({ kind: "repository", repository, name: repository.slice(path.length) });
    groups.set(path, rows);
  }
  return [...groups.values()].flat();
}
