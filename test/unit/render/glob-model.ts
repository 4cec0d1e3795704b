/** What a glob means, said once more without regular expressions: the model the proxy is held to. */
export function globMatches(glob: string, repository: string): boolean {
  return segmentsMatch(glob.split("/"), repository.split("/"));
}

function segmentsMatch([first, ...globs]: string[], names: string[]): boolean {
  if (first === undefined) return names.length === 0;
  if (first === "**") {
    if (globs.length === 0) return names.length > 0;
    return [...names.keys(), names.length].some((skipped) => segmentsMatch(globs, names.slice(skipped)));
  }
  const [name, ...rest] = names;
  return name !== undefined && (first === "*" || first === name) && segmentsMatch(globs, rest);
}
