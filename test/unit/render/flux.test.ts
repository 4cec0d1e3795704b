import { describe, expect, it } from "vitest";
import { caData, unservedVersion } from "../../../render/flux.ts";

describe("unservedVersion", () => {
  const versions = [
    { name: "v1", served: true },
    { name: "v1beta2", served: true },
    { name: "v1beta1", served: false },
  ];

  it("accepts a version that the cluster serves", () => {
    expect(unservedVersion("image.toolkit.fluxcd.io/v1beta2", versions)).toBeUndefined();
  });

  it.each(["v1beta1", "v1beta3"])("names the version that the cluster serves instead of %s", (version) => {
    expect(unservedVersion(`image.toolkit.fluxcd.io/${version}`, versions)).toBe(
      `flux.apiVersion = "image.toolkit.fluxcd.io/${version}": the cluster's Flux serves image.toolkit.fluxcd.io/v1, image.toolkit.fluxcd.io/v1beta2; set flux.apiVersion to one it serves, or update Flux`,
    );
  });
});

describe("caData", () => {
  it.each([
    ["v1", { "ca.crt": "PEM" }],
    ["v1beta2", { "ca.crt": "PEM" }],
    ["v1beta1", { caFile: "PEM" }],
  ])("has the key that Flux of %s reads", (version, data) => {
    expect(caData(`image.toolkit.fluxcd.io/${version}`, "PEM")).toEqual(data);
  });
});
