/** A file on a host that this program owns. */
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
  /** Absolute path without white space. If it is a link, the entry is for the file that the link leads to. */
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

/** Everything that one component needs on a host. One script applies it as one change over one connection. */
export type Bundle = {
  /** Name of the bundle's folder on the host, as in `registry`. It holds the manifest, the owner and copies of replaced files. */
  name: string;
  /**
   * Whether only one stack or several stacks may apply the bundle on a host. Each of several stacks has its own folder. A
   * file that they share is removed with the last stack that has it.
   */
  owners: "one" | "several";
  /** Label that tells the bundle's entries from other bundles' entries in a file. It is the same in every stack. */
  entryLabel: string;
  directories: { path: string; mode: "0700" | "0755" }[];
  /** Files that `pulumi preview --diff` shows. Secret files are not here: the script gets them by standard input. */
  files: BundleFile[];
  /** Entries in files that this program does not own. Secret entries are not here: they come by standard input. */
  entries: BundleEntry[];
  /**
   * The formats that its entries have, now or with other settings. The formats' parsers are part of every apply command, and
   * so of Pulumi's state.
   */
  formats: EntryFormat[];
  /** Shell variables of the script. `machine` is the host's name in its errors. */
  variables: Record<string, string>;
  /** Shell functions, among them the hooks that hooks.ts lists. */
  script: string;
};
