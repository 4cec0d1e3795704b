/** A file the program owns on a host. */
export type BundleFile = {
  /**
   * Absolute path without white space. A path may also begin with a word for a path that hook_find_host_paths finds on the
   * host: `@certs.d/registry.example.org_5000_/hosts.toml` after `host_path certs.d /etc/containerd/certs.d`.
   */
  path: string;
  mode: "0600" | "0644";
  /** The action that a change of the file asks for: a word that the bundle's script knows, or `-` for none. */
  action: string;
  /** Ends in a newline. */
  text: string;
};

/** A part of a file that this program does not own. Adding and removing it leaves every other byte as it is. */
export type BundleEntry = {
  /** Absolute, without white space. A link is followed. */
  path: string;
  /** How the file is parsed. A file that does not parse is an error, and stays as it is. */
  format: EntryFormat;
  /** The action that a change of the entry asks for: a word that the bundle's script knows, or `-` for none. */
  action: string;
  /**
   * Ends in a newline.
   * - `hosts`: one line, `192.0.2.10 registry.example.org`, to which the script adds the entry label.
   * - `registries-yaml`: `mirrors:` and `configs:` as block maps, each with the keys to add.
   * - `daemon-json`: one line, `{"insecure-registries":["registry.example.org:5000"]}`: a key, and what its array gets.
   */
  text: string;
};

export type EntryFormat = "hosts" | "registries-yaml" | "daemon-json";

/** All that a host needs from one component, applied as one change by one script over one connection. */
export type Bundle = {
  /** Names its folder on the host, as in `registry`, which holds the manifest, the owner and copies of replaced files. */
  name: string;
  /**
   * Whether only one stack may apply it on a host, or several. Each of several has a folder of its own, and what they share
   * is removed with the last of them.
   */
  owners: "one" | "several";
  /** Tells its entries apart from other bundles' in the same file. It is the same in every stack. */
  entryLabel: string;
  directories: { path: string; mode: "0700" | "0755" }[];
  /** Files that `pulumi preview --diff` shows. Secret files are not here: the script gets them by standard input. */
  files: BundleFile[];
  /** Entries in files that this program does not own; one file may have several. Secret entries come by standard input. */
  entries: BundleEntry[];
  /** The formats that its entries have, now or with other settings. Their parsers are part of every apply command and of the state. */
  formats: EntryFormat[];
  /** Shell variables of the script. `machine` is the host's name in its errors. */
  variables: Record<string, string>;
  /** Shell functions, among them the hooks that hooks.ts lists. */
  script: string;
};
