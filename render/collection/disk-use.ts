import { collectionPart } from "./collection-part.ts";

/** A shell program that records how full the disk of a storage is, and prints it with the record. */
export function diskUseScript(storagePath: string): string {
  return [`storage='${storagePath}'\n`, ...["paths", "disk-use", "disk-use-report"].map(collectionPart)].join("");
}
