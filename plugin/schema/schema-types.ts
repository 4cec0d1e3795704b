import { isDeepStrictEqual } from "node:util";
import type { JsonSchema } from "../../settings/documents/json-schema.ts";
import { typeToken } from "../type-token.ts";

/** A property in Pulumi's package schema. */
export type PropertySpec = {
  description?: string;
  secret?: true;
  const?: unknown;
  type?: string;
  $ref?: string;
  items?: PropertySpec;
  additionalProperties?: PropertySpec;
  oneOf?: PropertySpec[];
  discriminator?: { propertyName: string; mapping: Record<string, string> };
};

export type ObjectSpec = {
  type: "object";
  properties: Record<string, PropertySpec>;
  required: string[];
};

/** Names of types that their key would not explain. */
const typeNames: Record<string, string> = {
  "RegistryHost.variant": "HostVariant",
  "ClusterRegistry.variant": "ClusterVariant",
  "HostVariant.images": "HostImages",
  "ClusterVariant.images": "ClusterImages",
  "Backup.to": "BackupTarget",
  "Backup.keep": "BackupKeep",
  "Backup.verify": "BackupVerify",
  "SshConnection.jump": "JumpHost",
  "JenkinsCredentials.containerRegistry": "JenkinsAccount",
};

/** Turns the JSON schemas of settings into types of Pulumi's package schema, which must all have names. */
export class SchemaTypes {
  /** Type token → type. */
  readonly specs: Record<string, ObjectSpec> = {};

  readonly #shared: ObjectSpec[] = [];

  /** Names a type that keys of several names have. */
  share(name: string, schema: JsonSchema): void {
    const spec = this.object(name, schema);
    this.#shared.push(spec);
    this.#named(name, name, spec);
  }

  /** An object's properties. `name` is that of the component or type. */
  object(name: string, { properties = {}, required = [] }: JsonSchema): ObjectSpec {
    const specs = Object.entries(properties).map(([key, schema]) => [key, this.#property(key, name, schema)] as const);
    return { type: "object", properties: Object.fromEntries(specs), required: [...required].sort() };
  }

  #property(key: string, parent: string, schema: JsonSchema): PropertySpec {
    const text = descriptionOf(schema);
    return {
      ...this.#type(key, parent, schema),
      ...(text !== "" && { description: text }),
      ...(schema.secret === true && { secret: true as const }),
    };
  }

  #type(key: string, parent: string, schema: JsonSchema): PropertySpec {
    const { type, items, properties, additionalProperties, oneOf, anyOf } = schema;
    if (schema.const !== undefined) return { type: "string", const: schema.const };
    if (oneOf !== undefined) return this.#union(key, parent, oneOf);
    if (Array.isArray(anyOf)) return { oneOf: anyOf.map((each) => this.#type(key, parent, each)) };
    if (properties !== undefined) {
      const name = typeNames[`${parent}.${key}`] ?? pascalCase(key);
      return { $ref: this.#named(name, parent, this.object(name, schema)) };
    }
    if (type === "array") return { type, items: this.#type(singular(key), parent, items ?? {}) };
    if (type === "object")
      return { type, additionalProperties: this.#type(singular(key), parent, additionalProperties as JsonSchema) };
    if (type === "integer" || type === "number" || type === "boolean" || type === "string") return { type };
    throw new Error(`${parent}.${key}: the package's schema has no type for ${JSON.stringify(schema)}`);
  }

  /** Objects that the value of `kind` tells apart. */
  #union(key: string, parent: string, kinds: JsonSchema[]): PropertySpec {
    const members = kinds.map((schema) => {
      const kind = String(schema.properties?.kind?.const);
      const name = `${pascalCase(kind)}${typeNames[`${parent}.${key}`] ?? pascalCase(key)}`;
      return { kind, ref: this.#named(name, parent, this.object(name, schema)) };
    });
    return {
      oneOf: members.map(({ ref }) => ({ $ref: ref })),
      discriminator: {
        propertyName: "kind",
        mapping: Object.fromEntries(members.map(({ kind, ref }) => [kind, ref])),
      },
    };
  }

  /** The reference of a type. Another type of that name adds the name of what it is in. */
  #named(wanted: string, parent: string, spec: ObjectSpec): string {
    const isShared = this.#shared.some((other) => isDeepStrictEqual(other, spec));
    for (const [token, other] of Object.entries(this.specs))
      if (isDeepStrictEqual(other, spec) && (isShared || token === typeToken(wanted))) return `#/types/${token}`;
    const token = [wanted, `${parent}${wanted}`].map(typeToken).find((each) => !Object.hasOwn(this.specs, each));
    if (token === undefined) throw new Error(`${parent}: the package's schema has another type ${wanted}`);
    this.specs[token] = spec;
    return `#/types/${token}`;
  }
}

/** The meaning of a setting, with what a schema of Pulumi's cannot say: the values that it allows, and its default. */
function descriptionOf({ description = "", enum: values, examples, items, default: given }: JsonSchema): string {
  const example = (examples ?? items?.examples)?.[0];
  const isPlain = given !== undefined && (typeof given !== "object" || Array.isArray(given));
  return [
    description,
    ...(values ? [`one of ${values.map(code).join(", ")}`] : []),
    ...(isPlain ? [`default ${code(given)}`] : example === undefined ? [] : [`as in ${code(example)}`]),
  ].join("; ");
}

function code(value: unknown): string {
  return `\`${typeof value === "string" && value !== "" ? value : JSON.stringify(value)}\``;
}

/** `pull-secrets` and `pullSecrets` become PullSecrets. */
function pascalCase(key: string): string {
  return key.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function singular(key: string): string {
  return key.replace(/ies$/, "y").replace(/s$/, "");
}
