/** A file the program owns on a host. */
export type BundleFile = {
  /**
   * Absolute, without white space. Or below a place that the bundle's `locate` finds on the host, as in
   * `@certs.d/registry.example.org_5000_/hosts.toml` after `at certs.d /etc/containerd/certs.d`.
   */
  path: string;
  mode: "0600" | "0644";
  /** What a change of it asks for, a word that the bundle's own script knows; `-` for nothing. */
  action: string;
  /** Ends in a newline. */
  text: string;
};

/** A part of a file that belongs to somebody else: spliced in, every other byte as it was, and taken out again. */
export type BundleEntry = {
  /** Absolute, without white space. A link is followed. */
  path: string;
  /** How the file is read; a file of another shape is refused untouched. */
  format: EntryFormat;
  /** As a file's: what a change of it asks for, `-` for nothing. */
  action: string;
  /**
   * Ends in a newline.
   * - `hosts`: one line, `192.0.2.10 registry.example.org`, the bundle's mark added by the script.
   * - `registries-yaml`: `mirrors:` and `configs:` as block maps, each with the keys to add.
   * - `daemon-json`: one line, `{"insecure-registries":["registry.example.org:5000"]}`: a key, and what its array gets.
   */
  text: string;
};

export type EntryFormat = "hosts" | "registries-yaml" | "daemon-json";

/** All that a host needs from one component, applied as one change by one script over one connection. */
export type Bundle = {
  /** What its folder on the host is called by, as in `registry`: manifest, owner, copies of what served before. */
  name: string;
  /**
   * Whether only one stack may apply it on a host, or several: then each has a folder of its own, and what they have in
   * common goes with the last of them.
   */
  owners: "one" | "several";
  /** What its entries are marked by, whichever stack they come from. */
  mark: string;
  directories: { path: string; mode: "0700" | "0755" }[];
  /** In sight of `pulumi preview --diff`; secret files travel beside the bundle, by standard input. */
  files: BundleFile[];
  /** What goes into other people's files. Several may name one file. Secret ones travel by standard input. */
  entries: BundleEntry[];
  /** Which formats its entries have, now or with other settings: what reads those goes along, and lies in the state. */
  formats: EntryFormat[];
  /** What the script reads as shell variables. `machine` is the name that its errors call the host by. */
  variables: Record<string, string>;
  /**
   * Shell functions: `locate` (none by default), `preflight`, `validate`, `activate`, `verify`; `withdraw`, which undoes
   * what a first apply began and comes before the files go on removal; and `remove_data`, after they went.
   */
  script: string;
};
