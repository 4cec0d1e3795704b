import { describe, expect, it } from "vitest";
import { baseImages, baseImageVariables } from "../../../render/base-images.ts";

const whanos = { prefix: "whanos", languages: ["java", "c"], tag: "latest" };

describe("baseImages", () => {
  it("names one image a language, and the variable that pipelines read", () => {
    expect(baseImages({ host: "registry.example.org:5443", pathPrefix: "p2c" }, whanos)).toEqual([
      {
        language: "java",
        reference: "registry.example.org:5443/p2c/whanos-java:latest",
        variable: "WHANOS_BASE_IMAGE_JAVA",
      },
      { language: "c", reference: "registry.example.org:5443/p2c/whanos-c:latest", variable: "WHANOS_BASE_IMAGE_C" },
    ]);
  });
});

describe("baseImageVariables", () => {
  it("maps each variable to its image", () => {
    const images = baseImages({ host: "registry.example.org", pathPrefix: "" }, { ...whanos, tag: "2" });
    expect(baseImageVariables(images)).toEqual({
      WHANOS_BASE_IMAGE_JAVA: "registry.example.org/whanos-java:2",
      WHANOS_BASE_IMAGE_C: "registry.example.org/whanos-c:2",
    });
  });
});
