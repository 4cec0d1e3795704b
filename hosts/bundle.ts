import type { Connection } from "../settings/connection.ts";

/** A file the program owns on a host. */
export type BundleFile = {
  /** Absolute, without white space. */
  path: string;
  mode: "0600" | "0644";
  /** What a change of it asks for, a word that the bundle's own script knows; `-` for nothing. */
  action: string;
  /** Ends in a newline. */
  text: string;
};

/** All that a host needs from one component, applied as one change by one script over one connection. */
export type Bundle = {
  /** Whose files these are, as in `registry`. One manifest each on the host. */
  name: string;
  /** The kind of connection it travels over; one that another kind has applied since is not removed over this one. */
  reach: Connection["kind"];
  directories: { path: string; mode: "0700" | "0755" }[];
  /** In sight of `pulumi preview --diff`; secret files travel beside the bundle, by standard input. */
  files: BundleFile[];
  /** What the script reads as shell variables. */
  variables: Record<string, string>;
  /** Shell functions: `preflight`, `validate`, `activate`, `verify`, `withdraw` and `remove_data`. */
  script: string;
};
