import { describe, expect, it } from "vitest";
import { ownerOf, withOwnerLabel } from "../../../jenkins/owner-label.ts";

const id = "3f0c9a61d2b84e57";

describe("ownerOf", () => {
  it.each(["container-registry/prod", "elsewhere/test"])("finds the stack %s that labelled an entry", (stack) => {
    const description = withOwnerLabel("Container registry", { id, stack, takeOverFrom: [] });
    expect(ownerOf(description)).toEqual({ stack, id });
  });

  it("finds a stack of a version before owner ids", () => {
    expect(ownerOf("Container registry [container-registry/prod]")).toEqual({ stack: "container-registry/prod" });
  });

  it.each(["", "by hand", "see [docs/jenkins]", "of [elsewhere/test]", `[elsewhere/test ${id}] and more`])(
    "finds none in %o",
    (description) => {
      expect(ownerOf(description)).toBeUndefined();
    },
  );
});
