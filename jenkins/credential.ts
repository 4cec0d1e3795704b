/** The credential store and the domain in it where Jenkins has an entry. */
export type Location = {
  /** A Jenkins folder with its own credential store, as in `team/apps`. @default the system's store */
  folder?: string;
  /** A credential domain, which must exist. @default the global domain */
  domain?: string;
};

/** One entry of Jenkins' credential store, as the stack file asks for it, with its secret. */
export type JenkinsCredential = Location & {
  id: string;
  /** The description that Jenkins shows, without this stack's owner label. */
  description: string;
} & ({ kind: "username-password"; username: string; password: string } | { kind: "secret-text"; secret: string });

/** An entry's name in messages and summaries, as in `container-registry in team/apps, domain registry`. */
export function nameOf({ id, folder, domain }: Location & { id: string }): string {
  return [folder === undefined ? id : `${id} in ${folder}`, ...(domain === undefined ? [] : [`domain ${domain}`])].join(
    ", ",
  );
}
