import { describe, expect, it } from "vitest";
import type { Contents, Manifest } from "../../../../operations/contents/contents.ts";
import { sizesOf } from "../../../../operations/contents/sizes.ts";
import fc from "../../../properties.ts";

/** A manifest without a size of its own, of layers whose size is their number. */
function manifest(number: number, layers: readonly number[]): Manifest {
  const digest = `sha256:manifest-${layers.join("-")}-${number}`;
  return {
    ...{ digest, mediaType: "", size: 0, kind: "image", children: [] },
    layers: layers.map((size) => ({ digest: `sha256:layer-${size}`, mediaType: "", size })),
  };
}

function contentsOf(repositories: Record<string, readonly (readonly number[])[]>): Contents {
  return {
    repositories: Object.entries(repositories).map(([name, images]) => {
      const manifests = images.map((layers, index) => manifest(index, layers));
      return { name, tags: [], manifests: new Map(manifests.map((each) => [each.digest, each])) };
    }),
  };
}

describe("sizesOf", () => {
  it("counts a layer of several images once, and tells what other repositories have, too", () => {
    const { repositories, size } = sizesOf(
      contentsOf({
        one: [
          [1, 10],
          [1, 100],
        ],
        two: [[10, 1000]],
        three: [],
      }),
    );
    expect(repositories.map(({ name, images, size, alone, shared }) => [name, images, size, alone, shared])).toEqual([
      ["one", 2, 111, 101, 10],
      ["two", 1, 1010, 1000, 10],
      ["three", 0, 0, 0, 0],
    ]);
    expect(size).toBe(1111);
  });

  it("has sizes that add up for any contents", () => {
    const layers = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 5 });
    const images = fc.dictionary(fc.constantFrom("a", "b", "c", "d"), fc.array(layers, { maxLength: 5 }));
    fc.assert(
      fc.property(images, (given) => {
        const { repositories, size } = sizesOf(contentsOf(given));
        const distinct = new Set(Object.values(given).flat(2));
        expect(size).toBe([...distinct].reduce((sum, each) => sum + each, 0));
        for (const each of repositories) expect(each.alone + each.shared).toBe(each.size);
        const alone = repositories.reduce((sum, each) => sum + each.alone, 0);
        const shared = Math.max(0, ...repositories.map((each) => each.shared));
        expect(size).toBeGreaterThanOrEqual(alone + shared);
        // Deleting any one repository frees exactly what it has alone.
        for (const { name, alone } of repositories) {
          const { [name]: _, ...others } = given;
          expect(size - sizesOf(contentsOf(others)).size).toBe(alone);
        }
      }),
    );
  });
});
