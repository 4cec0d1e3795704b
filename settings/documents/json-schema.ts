import { z } from "zod";
import { secretKeys } from "../secrets/secrets.ts";
import { StackKeys } from "../stack-keys.ts";

/** The parts of a JSON schema that this project reads. */
export type JsonSchema = {
  description?: string;
  type?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  examples?: unknown[];
  required?: string[];
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  oneOf?: JsonSchema[];
  [other: string]: unknown;
};

/**
 * The JSON schema of each setting, by its stack-file key without the `container-registry:` namespace. Secrets are not
 * included.
 */
export function keySchemas(): Record<string, JsonSchema> {
  return schemaOf(StackKeys).properties ?? {};
}

/** The JSON schema of what a user may write: keys with a default are optional. */
export function schemaOf(type: z.ZodType): JsonSchema {
  return z.toJSONSchema(type, { io: "input", target: "draft-7" }) as JsonSchema;
}

/** The JSON schema of a whole `Pulumi.<stack>.yaml`, with which editors complete and check the file. */
export function stackSchema(): JsonSchema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "A stack file of Container Registry as Code",
    description: "Generated from settings/ by `npm run schema`",
    type: "object",
    required: ["config"],
    properties: {
      config: {
        type: "object",
        required: ["container-registry:containerRegistry", "container-registry:variant"],
        properties: namespaced({ ...keySchemas(), ...secretSchemas() }),
        // Other namespaces, such as pulumi: and kubernetes:, have schemas of their own.
        patternProperties: { "^(?!container-registry:)": {} },
        additionalProperties: false,
      },
    },
  };
}

function secretSchemas(): Record<string, JsonSchema> {
  const entries = Object.entries(secretKeys).map(([key, { description }]) => [
    key,
    {
      description: `${description}. Secret: pulumi config set --secret ${key}`,
      type: "object",
      required: ["secure"],
      properties: { secure: { type: "string", description: "Encrypted by Pulumi" } },
      additionalProperties: false,
    },
  ]);
  return Object.fromEntries(entries);
}

function namespaced(schemas: Record<string, JsonSchema>): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(schemas).map(([key, schema]) => [`container-registry:${key}`, schema]));
}
