import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { RegistryEndpoint } from "../../components/registry-endpoint.ts";
import { RegistryHost } from "../../settings/formats/host-name.ts";
import { httpUrl } from "../../settings/formats/http-url.ts";
import { type ResolvedInputs, unknownValue } from "./resolve-inputs.ts";

const Url = httpUrl("https://registry.example.org");

/** Where a registry is and how to trust it, as one component returns it and others take it. */
export const Endpoint = z
  .strictObject({
    host: RegistryHost.describe("The registry as image references spell it, `HOST[:PORT]`"),
    url: Url.optional().describe("`https://HOST` unless given"),
    aliases: z.array(RegistryHost).default([]).describe("Other hosts in references to this registry's images"),
    nodeUrls: z
      .array(Url)
      .optional()
      .describe("URLs that nodes pull from, in the order they try them; `url` unless given"),
    ca: z.string().default("").describe("PEM of the CA to trust; empty with a public CA and without TLS"),
    accounts: z.record(z.string(), z.string()).default({}).describe("Account → password").meta({ secret: true }),
  })
  .describe(
    "Where a registry is and how to trust it: the output `endpoint` of RegistryHost and ClusterRegistry, or a registry that exists",
  );

type EndpointInput = z.output<typeof Endpoint>;

/**
 * The endpoint in a component's inputs. Each field is known in a preview as soon as it can be; the accounts alone are secret,
 * though programs pass the whole endpoint as a secret, since it contains them.
 */
export function givenEndpoint({ values, resources }: ResolvedInputs): RegistryEndpoint {
  const given = values.endpoint === unknownValue ? undefined : Endpoint.safeParse(values.endpoint).data;
  const fields = given ?? partlyKnown(values.endpoint);
  const url = fields.url ?? mapped(fields.host, (host) => `https://${host}`);
  return {
    host: output(fields.host),
    url: output(url),
    aliases: Array.isArray(fields.aliases) ? fields.aliases : [],
    nodeUrls: output(fields.nodeUrls ?? mapped(url, (url) => [url])),
    ca: output(fields.ca),
    accounts: pulumi.secret(output(fields.accounts)),
    served: resources.endpoint ?? [],
  };
}

type Fields = { [key in keyof EndpointInput]: EndpointInput[key] | typeof unknownValue };

/** The fields of an endpoint in a preview that does not know all of them. */
function partlyKnown(value: unknown): Fields {
  const fields = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  const known = Object.entries(Endpoint.shape).map(([key, schema]) => {
    const parsed = key in fields ? schema.safeParse(fields[key]) : undefined;
    return [key, parsed?.success ? parsed.data : unknownValue];
  });
  return Object.fromEntries(known) as Fields;
}

function mapped<T, U>(value: T | typeof unknownValue, to: (value: T) => U): U | typeof unknownValue {
  return value === unknownValue ? unknownValue : to(value as T);
}

function output<T>(value: T | typeof unknownValue): pulumi.Output<T> {
  return pulumi.output(value === unknownValue ? pulumi.unknown : value) as pulumi.Output<T>;
}
