import type { z } from "zod";
import { NodeConnection } from "../connection.ts";
import { secretKeys } from "../secrets/secrets.ts";
import { ClusterImages } from "../variants/images.ts";
import { Ui } from "../variants/ui.ts";
import { type JsonSchema, keySchemas, schemaOf } from "./json-schema.ts";

/**
 * Schemas that several keys use, by field name. Each has one table of its own, and every field of that name links to
 * it.
 */
const shared: Record<string, z.ZodType> = { connection: NodeConnection, images: ClusterImages, ui: Ui };

/** The generated tables of `docs/stack-file.md`: one for each key, one for each shared schema, one for the secrets. */
export function referenceTables(): string {
  const { variant, ...keys } = keySchemas();
  return [
    section("containerRegistry", keys.containerRegistry),
    ...(variant?.oneOf ?? []).map((kind) => section(`variant, kind ${String(kind.properties?.kind?.const)}`, kind)),
    ...Object.entries(shared).map(([name, schema]) => section(name, schemaOf(schema))),
    ...Object.entries(keys)
      .filter(([key]) => key !== "containerRegistry")
      .map(([key, schema]) => section(schema.type === "array" ? `${key}[]` : key, schema)),
    secretSection(),
  ].join("\n\n");
}

type Row = { field: string; meaning: string; default: string };

function section(title: string, schema: JsonSchema = {}): string {
  const about = schema.items?.description ?? schema.description ?? "";
  const rows = fieldRows("", schema.items ?? schema);
  if (rows.length === 0) return `### ${title}\n\n${about}.`;
  const lines = rows.map((row) => `| ${row.field} | ${row.meaning} | ${row.default} |`);
  return [`### ${title}`, "", `${about}.`, "", "| field | meaning | default |", "|---|---|---|", ...lines].join("\n");
}

/**
 * The table rows of a schema: one for each field, followed by those of its nested fields and of each `kind` of a
 * union.
 */
function fieldRows(prefix: string, schema: JsonSchema): Row[] {
  const { required = [], properties = {} } = schema;
  const own = Object.entries(properties).flatMap(([name, field]) => {
    const at = `${prefix}${name}`;
    if (name === "kind" && typeof field.const === "string") return [];
    const row = {
      field: `\`${at}\``,
      meaning: meaning(name, field),
      default: defaultText(field, required.includes(name)),
    };
    if (isShared(name, field)) return [row];
    return [row, ...(field.type === "array" ? fieldRows(`${at}[].`, field.items ?? {}) : fieldRows(`${at}.`, field))];
  });
  return [...own, ...(schema.oneOf ?? []).flatMap((kind) => kindRows(prefix, kind))];
}

function kindRows(prefix: string, kind: JsonSchema): Row[] {
  const row = {
    field: `\`${prefix}kind: ${String(kind.properties?.kind?.const)}\``,
    meaning: kind.description ?? "",
    default: "",
  };
  return [row, ...fieldRows(prefix, kind)];
}

function isShared(name: string, field: JsonSchema): boolean {
  return Object.hasOwn(shared, name) && field.type !== "array";
}

function meaning(name: string, field: JsonSchema): string {
  const { description = "", items, examples, enum: values } = field;
  const link = isShared(name, field) ? ` ([below](#${name}))` : "";
  const allowed = values ? ` (${values.map(code).join(", ")})` : "";
  const example = (examples ?? items?.examples)?.[0];
  return `${description}${link}${allowed}${example === undefined || field.default !== undefined ? "" : `, as in ${code(example)}`}`;
}

function defaultText(field: JsonSchema, isRequired: boolean): string {
  if (isGroup(field.default)) return "kind" in field.default ? `kind ${code(field.default.kind)}` : "";
  if (field.default !== undefined) return code(field.default);
  return isRequired ? "required" : "";
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function code(value: unknown): string {
  return `\`${typeof value === "string" && value !== "" ? value : JSON.stringify(value)}\``;
}

function secretSection(): string {
  const rows = Object.entries(secretKeys).map(([key, { description }]) => `| \`${key}\` | ${description} |`);
  return [
    "### Secrets",
    "",
    "Each set by `pulumi config set --secret KEY`, which asks for the value or reads it from standard input.",
    "",
    "| key | what |",
    "|---|---|",
    ...rows,
  ].join("\n");
}
