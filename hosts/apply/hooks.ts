/** A shell function that a bundle may define, and that the program which applies and removes bundles calls. */
type Hook = {
  /** When it is called, and what it does then. */
  task: string;
  /** What it may use besides the bundle's own variables, `$home`, `$state`, `$stage`, `say`, `fail`, `must` and `run`. */
  input: string;
  /** What happens if the hook's exit status is not 0, or if the hook calls `fail`. */
  failure: string;
  /** Its commands if a bundle does not define it. Each bundle must define a hook that has no default. */
  byDefault?: string;
};

/** All hooks, in the order in which they are called. */
export const hooks = {
  hook_find_host_paths: {
    task: "Before anything is read: finds paths that only the host knows.",
    input: "host_path WORD PATH, once for each",
    failure: "The apply fails, and nothing has changed.",
    byDefault: ":",
  },
  hook_add_files: {
    task: "After the bundle's files are in the staging tree: adds files that reached the host in another way.",
    input: "file MODE ACTION PATH <TEXT, once for each",
    failure: "The apply fails, and nothing has changed.",
    byDefault: ":",
  },
  hook_preflight: {
    task: "Before anything is compared or changed: checks whatever can be known to go wrong.",
    input: "$stage/tree, with the new files",
    failure: "The apply fails, and nothing has changed.",
  },
  hook_validate: {
    task: "After the comparison: has the programs' own parsers read the new files.",
    input: "$stage/tree, with the new files; $stage/changed and $stage/removed, with a path on each line",
    failure: "The apply fails, and nothing has changed.",
    byDefault: ":",
  },
  hook_activate: {
    task: "After the files are replaced, or restored by a roll-back: has the services read them.",
    input: "action_pending WORD, for an action that a changed file asks for",
    failure: "The apply fails, and the old files are restored; after a roll-back it is reported.",
    byDefault: ":",
  },
  hook_verify: {
    task: "After hook_activate: checks that the new files serve.",
    input: "what hook_activate left in variables",
    failure: "The apply fails, and the old files are restored.",
  },
  hook_summarize: {
    task: "After the commit: prints one line of JSON on standard output.",
    input: "print_summary [MORE]",
    failure: "The apply fails, although its change is committed.",
    byDefault: "print_summary",
  },
  hook_is_first_apply: {
    task: "After a failure, with the old files restored: tells whether nothing of this bundle has served here before.",
    input: "$home/manifest, of the last apply that was committed",
    failure: "The status is the answer: 0 for yes, then hook_abort is called; otherwise hook_activate.",
    byDefault: '[ ! -f "$home/manifest" ]',
  },
  hook_abort: {
    task: "After a first apply has failed, with the old files restored: undoes what hook_activate began.",
    input: "what hook_activate left in variables",
    failure: "Ignored: the apply has failed already.",
    byDefault: ":",
  },
  hook_stop: {
    task: "In a removal, before the files are deleted: stops what needs them.",
    input: "action_pending WORD",
    failure: "The removal fails; the next one starts again.",
    byDefault: ":",
  },
  hook_deactivate: {
    task: "In a removal, after the files are deleted: has the services notice that.",
    input: "action_pending WORD",
    failure: "The removal fails; the next one starts again.",
    byDefault: ":",
  },
  hook_delete_data: {
    task: "In a removal, after hook_deactivate: deletes what the bundle's services have written, where the stack asks for it.",
    input: "what hook_deactivate left in variables",
    failure: "The removal fails; the next one starts again.",
    byDefault: ":",
  },
} satisfies Record<string, Hook>;

/**
 * The default of each hook, followed by the bundle's script. Throws if the script defines an unknown hook, or does not
 * define a required one.
 */
export function withHooks({ name, script }: { name: string; script: string }): string {
  const defined = Array.from(script.matchAll(/^(\w+)\(\)/gm), ([, name = ""]) => name);
  const all = Object.entries<Hook>(hooks);
  const unknown = defined.find((each) => (each.startsWith("hook_") ? !(each in hooks) : `hook_${each}` in hooks));
  if (unknown)
    throw new Error(`bundle ${name}: its script defines ${unknown}; the hooks are ${Object.keys(hooks).join(", ")}`);
  const missing = all.find(([hook, { byDefault }]) => byDefault === undefined && !defined.includes(hook));
  if (missing) throw new Error(`bundle ${name}: its script does not define ${missing[0]}, which every bundle needs`);
  const defaults = all.flatMap(([hook, { byDefault }]) => (byDefault ? [`${hook}() { ${byDefault}; }\n`] : []));
  return `${defaults.join("")}${script}`;
}
