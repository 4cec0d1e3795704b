import { z } from "zod";
import { secretKeys } from "../secrets/secrets.ts";
import { StackKeys } from "../settings.ts";

/** A JSON schema, as far as this project looks into one. */
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

/** The schema of each `container-registry:` key, secrets aside. */
export function keySchemas(): Record<string, JsonSchema> {
  return schemaOf(StackKeys).properties ?? {};
}

/** What may be written, before defaults are filled in. */
export function schemaOf(type: z.ZodType): JsonSchema {
  return z.toJSONSchema(type, { io: "input", target: "draft-7" }) as JsonSchema;
}

/** What an editor needs to complete and check a whole `Pulumi.<stack>.yaml`. */
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
