import type { z } from "zod";
import type { ValidationError } from "../../settings/validation/validation-error.ts";

/** A schema that also checks rules of the stack file which concern several of its keys. */
export function withRules<T extends z.ZodType>(schema: T, rules: (value: z.output<T>) => Iterable<ValidationError>): T {
  return schema.check(({ value, issues }) => {
    for (const { path, input, message } of rules(value))
      issues.push({ code: "custom", continue: true, path, input, message });
  });
}
