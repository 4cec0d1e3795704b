import { describe, expect, it } from "vitest";
import { imagePrefix, imageReference, placeholderTag } from "../../../../settings/formats/image-reference.ts";

describe("imageReference", () => {
  it.each([
    ["registry.example.org", "docker-internal/p2c", "registry.example.org/docker-internal/p2c/shop:1.4"],
    ["registry.example.org:5000", "", "registry.example.org:5000/shop:1.4"],
  ])("joins %s and %j", (host, pathPrefix, reference) => {
    expect(imageReference({ host, pathPrefix }, "shop", "1.4")).toBe(reference);
    expect(reference.startsWith(`${imagePrefix({ host, pathPrefix })}/`)).toBe(true);
  });

  it("names a tag that is never there before the first build", () => {
    expect(imageReference({ host: "localhost:5002", pathPrefix: "p2c" }, "shop", placeholderTag)).toBe(
      "localhost:5002/p2c/shop:does-not-exist",
    );
  });
});
