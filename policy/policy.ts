/** A resource as the engine is about to register it: its type, such as `command:remote:Command`, and its inputs. */
export type Resource = { type: string; urn: string; props: Record<string, unknown> };

export type Policy = {
  /** What `--policy-pack-config` knows it by. */
  name: string;
  /** What always holds, as a sentence. */
  description: string;
  /** What is wrong with the resource, and the way out. Secret inputs arrive in clear: a message must not contain one. */
  violations(resource: Resource): Iterable<string>;
};
