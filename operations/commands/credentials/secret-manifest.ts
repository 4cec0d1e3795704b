import { stringify } from "yaml";
import { hereDocument } from "../../../hosts/shell.ts";

type Manifest = { apiVersion: string; kind: string; metadata: { name: string; namespace: string } } & Record<
  string,
  unknown
>;

/**
 * A shell command that creates or updates the objects. It passes them on standard input, so that their secrets never
 * appear in a process list.
 */
export function kubectlApply(manifests: readonly Manifest[]): string {
  const text = manifests.map((manifest) => stringify(manifest, { lineWidth: 0 })).join("---\n");
  return hereDocument("kubectl apply --filename -", text).trimEnd();
}

/** The manifest of a Kubernetes Secret; `stringData` maps each key to its plain text. */
export function secretManifest(
  metadata: Manifest["metadata"],
  type: string,
  stringData: Readonly<Record<string, string>>,
): Manifest {
  return { apiVersion: "v1", kind: "Secret", metadata, type, stringData };
}
