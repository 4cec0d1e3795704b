/** Where Jenkins keeps an entry. */
export type Location = {
  /** A folder with a store of its own, as in `team/apps`. @default the system's store */
  folder?: string;
  /** A domain that is there already. @default the global one */
  domain?: string;
};

/** One entry of Jenkins' credential store, as a stack wants it. */
export type JenkinsCredential = Location & {
  id: string;
  /** What Jenkins shows beside it, this stack's marker aside. */
  description: string;
} & ({ kind: "username-password"; username: string; password: string } | { kind: "secret-text"; secret: string });

/** How messages call an entry, as in `container-registry in team/apps, domain registry`. */
export function nameOf({ id, folder, domain }: Location & { id: string }): string {
  return [folder === undefined ? id : `${id} in ${folder}`, ...(domain === undefined ? [] : [`domain ${domain}`])].join(
    ", ",
  );
}
