import { stringify } from "yaml";
import { hereDocument } from "../../../hosts/shell.ts";

type Manifest = { apiVersion: string; kind: string; metadata: { name: string; namespace: string } } & Record<
  string,
  unknown
>;

/** A shell command that makes the objects, or changes them: by standard input, so that no process list has what they hold. */
export function kubectlApply(manifests: readonly Manifest[]): string {
  const text = manifests.map((manifest) => stringify(manifest, { lineWidth: 0 })).join("---\n");
  return hereDocument("kubectl apply --filename -", text).trimEnd();
}

/** A Secret of that type and text. */
export function secretManifest(
  metadata: Manifest["metadata"],
  type: string,
  stringData: Readonly<Record<string, string>>,
): Manifest {
  return { apiVersion: "v1", kind: "Secret", metadata, type, stringData };
}
