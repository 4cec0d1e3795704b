import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { SettingsError } from "../../../../settings/errors/problems.ts";
import { ProgramError } from "../../../../settings/errors/program-error.ts";

describe("an error that ends the program", () => {
  it.each([
    new ProgramError("no"),
    new SettingsError("stack dev", [{ path: "accounts", message: "no" }], "Pulumi.dev.yaml"),
  ])("is one whose message Pulumi prints, and has no stack for Node to format: %s", (error) => {
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    expect(error.stack).toBeUndefined();
  });
});
