import { StorageFiles } from "./storage-files.ts";

const layersEach = 98;
const layerBytes = 1_000_000;

/**
 * Fills a storage of distribution with so many blobs, two days old: images of sparse layers, and one blob in ten that no
 * manifest references.
 */
export function sparseStorage(storage: string, blobs: number): void {
  const files = new StorageFiles(storage);
  const garbage = blobs / 10;
  for (let index = 0; index < garbage; index++) files.layer("team/app", files.blob(`garbage ${index}`, layerBytes));
  for (let written = garbage; written < blobs; written += layersEach + 2) {
    const config = files.blob(`{"architecture":"amd64","os":"linux","of":"${written}"}`);
    const layers = Array.from({ length: layersEach }, (_, index) =>
      files.blob(`layer ${written} ${index}`, layerBytes),
    );
    files.image("team/app", config, layers);
  }
}
