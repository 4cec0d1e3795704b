import { z } from "zod";
import { schemaOf } from "../../settings/documents/json-schema.ts";
import { Image } from "../../settings/variants/image.ts";
import type { PackageComponent } from "../component.ts";
import { components } from "../components.ts";
import { Endpoint } from "../inputs/endpoint.ts";
import { secretInputs } from "../inputs/secret-inputs.ts";
import { typeToken } from "../type-token.ts";
import { type ObjectSpec, type PropertySpec, SchemaTypes } from "./schema-types.ts";

type ComponentSpec = ObjectSpec & {
  description: string;
  isComponent: true;
  inputProperties: Record<string, PropertySpec>;
  requiredInputs: string[];
};

/**
 * The package's schema, from which Pulumi generates an SDK for each language.
 * @see https://www.pulumi.com/docs/iac/build-with-pulumi/schema/
 */
export function packageSchema(version: string) {
  const types = new SchemaTypes();
  types.share("Image", schemaOf(Image));
  const resources = components.map((each) => [typeToken(each.name), componentSpec(each, types)] as const);
  return {
    name: "container-registry",
    displayName: "Container Registry",
    version,
    description: "A container registry that Kubernetes nodes trust",
    keywords: ["category/infrastructure", "kind/component"],
    resources: Object.fromEntries(resources),
    types: types.specs,
    // Generated names follow the version's own rules, not those of the program's Pulumi.
    language: {
      nodejs: { respectSchemaVersion: true },
      python: { respectSchemaVersion: true },
      go: { respectSchemaVersion: true },
    },
  };
}

function componentSpec(component: PackageComponent<unknown>, types: SchemaTypes): ComponentSpec {
  const { name, description, settings, secrets, hasEndpoint, outputs } = component;
  const inputs = { ...settings.shape, ...(hasEndpoint && { endpoint: Endpoint }), ...secretInputs(secrets) };
  const given = types.object(name, schemaOf(z.strictObject(inputs)));
  const returned = types.object(name, schemaOf(z.strictObject(outputs)));
  return {
    isComponent: true,
    description,
    inputProperties: given.properties,
    requiredInputs: given.required,
    properties: returned.properties,
    required: Object.keys(outputs),
    type: "object",
  };
}
