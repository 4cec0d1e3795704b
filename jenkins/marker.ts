/** A description with what ends that of each entry a stack made: `[PROJECT/STACK]`. */
export function marked(description: string, stack: string): string {
  return description === "" ? `[${stack}]` : `${description} [${stack}]`;
}

/** The stack that made an entry, as in `container-registry/team`; undefined for what somebody made by hand. */
export function markedBy(description: string): string | undefined {
  return /\[(container-registry\/[^\][\s]+)\]$/.exec(description)?.[1];
}
