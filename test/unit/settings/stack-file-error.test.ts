import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { SettingsError } from "../../../settings/problems.ts";
import { StackFileError } from "../../../settings/stack-file-error.ts";

describe("an error about the stack file", () => {
  it.each([new StackFileError("no"), new SettingsError("dev", [{ path: "accounts", message: "no" }])])(
    "is one whose message Pulumi prints, and has no stack for Node to format: %s",
    (error) => {
      expect(pulumi.RunError.isInstance(error)).toBe(true);
      expect(error.stack).toBeUndefined();
    },
  );
});
