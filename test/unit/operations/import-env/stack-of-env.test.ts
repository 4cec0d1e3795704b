import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { stackFileText } from "../../../../operations/commands/import-env/stack-file-text.ts";
import {
  type ImportedStack,
  type ImportOptions,
  stackOfEnv,
} from "../../../../operations/commands/import-env/stack-of-env.ts";
import { variantKinds } from "../../../../operations/commands/import-env/variants.ts";
import { OperationError } from "../../../../operations/operation-error.ts";
import { envFile } from "../../../../render/env-file.ts";
import { pipelineVariables } from "../../../../render/pipeline-config.ts";
import { isSecretName } from "../../../../settings/secrets/secrets.ts";
import fc from "../../../properties.ts";
import { parsed, problemsOf } from "../../settings/stacks.ts";

const former = `# the old cluster's
CONTAINER_REGISTRY_HOST=registry.example.org
CONTAINER_REGISTRY_PATH_PREFIX=docker-internal/p2c
CONTAINER_REGISTRY_CREDENTIAL_ID=container-registry
CONTAINER_REGISTRY_REQUIRES_AUTH_FOR_PUSH=true
CONTAINER_REGISTRY_REQUIRES_AUTH_FOR_PULL=false
MAVEN_REGISTRY_HOST=registry.example.org
MAVEN_REGISTRY_PATH_PREFIX=maven-releases
MAVEN_REGISTRY_URL=https://registry.example.org/repository/maven-releases/
MAVEN_REGISTRY_CREDENTIAL_ID=maven-registry
`;

const secrets = {
  registryUsername: "ci",
  registryPassword: "correct horse",
  mavenUsername: "ci",
  mavenPassword: "correct horse",
};

const imported = (text: string, options: Partial<ImportOptions> = {}) =>
  stackOfEnv("cluster.env", text, { variant: "existing", ...options });

function problems(text: string, options: Partial<ImportOptions> = {}): string[] {
  try {
    imported(text, options);
    return [];
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return error.message.split("\n  ");
  }
}

describe("stackOfEnv", () => {
  it("is the stack that the variables came from", () => {
    expect(imported(former)).toEqual({
      keys: {
        containerRegistry: {
          host: "registry.example.org",
          pathPrefix: "docker-internal/p2c",
          credentialId: "container-registry",
          requiresAuthForPush: true,
          requiresAuthForPull: false,
        },
        variant: { kind: "existing", tls: { kind: "public" } },
        mavenRegistry: {
          host: "registry.example.org",
          pathPrefix: "maven-releases",
          url: "https://registry.example.org/repository/maven-releases/",
          credentialId: "maven-registry",
          sameCredentials: true,
        },
      },
      secrets: ["registryUsername", "registryPassword"],
    });
  });

  it("asks for the Maven server's own credentials where it is another host", () => {
    const text = former.replace("MAVEN_REGISTRY_HOST=registry", "MAVEN_REGISTRY_HOST=nexus");
    const { keys, secrets } = imported(text.replace("https://registry", "https://nexus"));
    expect(keys.mavenRegistry).not.toHaveProperty("sameCredentials");
    expect(secrets).toEqual(["registryUsername", "registryPassword", "mavenUsername", "mavenPassword"]);
  });

  it.each(variantKinds)("is valid for %s, once its secrets are set", (variant) => {
    const host = variant === "hybrid" ? "localhost:5002" : "registry.example.org";
    const { keys, secrets: asked } = imported(`CONTAINER_REGISTRY_HOST=${host}\n`, { variant, namespace: "jenkins" });
    const given = Object.fromEntries(asked.filter(isSecretName).map((name) => [name, Object(secrets)[name]]));
    expect(problemsOf({ ...keys, ...given })).toEqual([]);
    expect(keys).toMatchObject({ variant: { kind: variant }, pipelineConfig: { namespace: "jenkins" } });
  });

  it("finds the setting behind base images", () => {
    const text = `${former}WHANOS_BASE_IMAGE_JAVA=registry.example.org/docker-internal/p2c/whanos-java:1\nWHANOS_BASE_IMAGE_C=registry.example.org/docker-internal/p2c/whanos-c:1\n`;
    expect(imported(text, { namespace: "jenkins" }).keys.pipelineConfig).toEqual({
      namespace: "jenkins",
      baseImages: { prefix: "whanos", languages: ["java", "c"], tag: "1" },
    });
  });

  it("keeps base images where no cluster has pipelines", () => {
    const stack = imported(`${former}W_BASE_IMAGE_C=registry.example.org/docker-internal/p2c/w-c:1\n`);
    expect(stack.keys.pipelineConfig).toEqual({ baseImages: { prefix: "w", languages: ["c"], tag: "1" } });
    const options = { file: "cluster.env", stack: "org", variant: "existing" } as const;
    expect(stackFileText(stack, options)).not.toContain("kubernetes:context");
  });

  it("says every problem at once, by line, in the file's own words", () => {
    const text = `CONTAINER_REGISTRY_HOST=https://registry.example.org
CONTAINER_REGISTRY_CREDENTIAL_ID=team/container-registry
CONTAINER_REGISTRY_REQUIRES_AUTH_FOR_PUSH=yes
DOCKER_REGISTRY_HOST=registry.example.org
DOCKER_REGISTRY_PASSWORD=hunter2hunter2
CONTAINER_REGISTRY_PATH_PREFX=p2c
DOMAIN=example.org
CONTAINER_REGISTRY_CREDENTIAL_ID=other
nonsense
MAVEN_REGISTRY_CREDENTIAL_ID=a/b
`;
    expect(problems(text)).toEqual([
      "cluster.env: 11 problems",
      'line 1: CONTAINER_REGISTRY_HOST = "https://registry.example.org": a host name or IPv4 address in lower case with :PORT where it needs one, no scheme, no path, as in registry.example.org:5000',
      'line 2: CONTAINER_REGISTRY_CREDENTIAL_ID = "team/container-registry": letters, digits, dots, dashes and underscores, as in container-registry',
      "line 3: CONTAINER_REGISTRY_REQUIRES_AUTH_FOR_PUSH is neither true nor false",
      "line 4: DOCKER_REGISTRY_HOST is called CONTAINER_REGISTRY_HOST now; rename it",
      "line 5: DOCKER_REGISTRY_PASSWORD is a secret, which does not belong in such a file; remove it: pulumi config set --secret registryPassword",
      "line 6: CONTAINER_REGISTRY_PATH_PREFX is no variable of ours; did you mean CONTAINER_REGISTRY_PATH_PREFIX?",
      "line 7: DOMAIN says nothing of a registry; remove it, or --ignore-others",
      "line 8: CONTAINER_REGISTRY_CREDENTIAL_ID is on line 2 already",
      "line 9: is no NAME=VALUE, without spaces around =, as in CONTAINER_REGISTRY_HOST=registry.example.org",
      'line 10: MAVEN_REGISTRY_CREDENTIAL_ID = "a/b": letters, digits, dots, dashes and underscores, as in container-registry',
      "MAVEN_REGISTRY_HOST is missing: there are others of MAVEN_REGISTRY_*",
    ]);
  });

  it.each<[string, string, Partial<ImportOptions>, string]>([
    ["no host", "", {}, "CONTAINER_REGISTRY_HOST is missing"],
    [
      "a validation error",
      `CONTAINER_REGISTRY_HOST=a.example.org\nMAVEN_REGISTRY_HOST=b.example.org\nMAVEN_REGISTRY_CREDENTIAL_ID=container-registry`,
      {},
      'line 3: MAVEN_REGISTRY_CREDENTIAL_ID = "container-registry": is containerRegistry\'s, and the credentials differ; take another, as in maven-registry',
    ],
    [
      "a base image from elsewhere",
      "CONTAINER_REGISTRY_HOST=a.example.org\nW_BASE_IMAGE_C=docker.io/gcc:14",
      { namespace: "jenkins" },
      "line 2: W_BASE_IMAGE_C is not a.example.org/w-c:14, where such an image is pushed to",
    ],
    [
      "base images of two tags",
      "CONTAINER_REGISTRY_HOST=a.example.org\nW_BASE_IMAGE_C=a.example.org/w-c:1\nW_BASE_IMAGE_JAVA=a.example.org/w-java:2",
      { namespace: "jenkins" },
      "line 3: W_BASE_IMAGE_JAVA differs in prefix or tag from W_BASE_IMAGE_C on line 2",
    ],
  ])("refuses %s", (_what, text, options, problem) => {
    expect(problems(text, options)).toEqual(["cluster.env: 1 problem", problem]);
  });

  it("passes over what says nothing of registries, and no further", () => {
    const others = { ignoreOthers: true };
    expect(problems(`${former}DOMAIN=example.org\nconstructor=1\n`, others)).toEqual([]);
    expect(problems(`${former}DOCKER_REGISTRY_HOST=a\n`, others)).toHaveLength(2);
  });
});

const Segment = fc.stringMatching(/^[a-z0-9]{1,8}$/);
const Host = fc.tuple(Segment, fc.option(fc.integer({ min: 1, max: 65_535 }))).map(([name, port]) => {
  return port === null ? `${name}.example.org` : `${name}.example.org:${port}`;
});
const Registry = {
  pathPrefix: fc.array(Segment, { maxLength: 3 }).map((segments) => segments.join("/")),
  requiresAuthForPush: fc.boolean(),
  requiresAuthForPull: fc.boolean(),
};
const Id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/);
const Stacks = fc
  .record({
    host: Host,
    other: Host,
    ids: fc.uniqueArray(Id, { minLength: 2, maxLength: 2 }),
    container: fc.record(Registry),
    maven: fc.option(fc.record({ ...Registry, same: fc.boolean() }), { nil: undefined }),
    languages: fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/), { maxLength: 3 }),
  })
  .filter(({ host, other }) => host !== other)
  .map(({ host, other, ids, container, maven, languages }) => ({
    containerRegistry: { host, credentialId: ids[0], ...container },
    variant: { kind: "existing", tls: { kind: "public" } },
    ...(maven && {
      mavenRegistry: {
        ...{ ...maven, same: undefined },
        host: maven.same ? host : other,
        credentialId: ids[1],
        sameCredentials: maven.same,
      },
    }),
    ...(languages.length > 0 && {
      pipelineConfig: { namespace: "jenkins", baseImages: { prefix: "whanos", languages, tag: "1" } },
    }),
  }));

/** What YAML makes of the stack file's text. */
function keysIn(stack: ImportedStack): Record<string, unknown> {
  const { config } = parse(stackFileText(stack, { file: "cluster.env", stack: "org", variant: "existing" }));
  const entries = Object.entries(config).map(([key, value]) => [key.replace("container-registry:", ""), value]);
  return Object.fromEntries(entries);
}

describe("import-env of export-env", () => {
  it("is the same stack", () => {
    fc.assert(
      fc.property(Stacks, (stack) => {
        const given = structuredClone(stack) as Record<string, unknown>;
        delete Object(given.mavenRegistry).same;
        const auth = (registry: unknown) =>
          Object(registry).requiresAuthForPush || Object(registry).requiresAuthForPull;
        const { mavenRegistry } = stack;
        const container = auth(stack.containerRegistry) || mavenRegistry?.sameCredentials;
        const maven = mavenRegistry && !mavenRegistry.sameCredentials && auth(mavenRegistry);
        const all = {
          ...(container && { registryUsername: "ci", registryPassword: "correct horse" }),
          ...(maven && { mavenUsername: "ci", mavenPassword: "correct horse" }),
        };
        const { settings } = parsed({ ...given, ...all });
        const namespace = settings.pipelineConfig?.namespace;

        const back = imported(envFile(pipelineVariables(settings)), { namespace });

        expect(back.secrets.toSorted()).toEqual(Object.keys(all).toSorted());
        expect(parsed({ ...keysIn(back), ...all }).settings).toEqual(settings);
      }),
    );
  });
});

describe("stackFileText", () => {
  const text = stackFileText(imported(former, { namespace: "jenkins" }), {
    file: "old/cluster\n.env",
    stack: "org",
    variant: "existing",
  });

  it("is YAML under the project's namespace, for editors too", () => {
    expect(text).toMatch(/^# yaml-language-server: \$schema=docs\/stack\.schema\.json\n/);
    const stack = imported(former, { namespace: "jenkins" });
    expect(keysIn(stack)).toEqual(stack.keys);
  });

  it("quotes what Pulumi's YAML would read as a number or a day", () => {
    const prefixes = { CONTAINER_REGISTRY_PATH_PREFIX: "1_000", MAVEN_REGISTRY_PATH_PREFIX: "2027-03-31" };
    const lines = former.replaceAll(/^(\w+_PATH_PREFIX)=.*$/gm, (line, name: keyof typeof prefixes) =>
      name in prefixes ? `${name}=${prefixes[name]}` : line,
    );
    const text = stackFileText(imported(lines), { file: "cluster.env", stack: "org", variant: "existing" });
    expect(text).toContain('pathPrefix: "1_000"');
    expect(text).toContain('pathPrefix: "2027-03-31"');
  });

  it("says what is left to do, and holds no secret", () => {
    expect(text).toContain("#   pulumi stack init org\n");
    expect(text).toContain("#   pulumi config set --secret registryPassword   # asks for it\n");
    expect(text).toContain("#   pulumi config set kubernetes:context NAME\n");
  });

  it("keeps a strange file name inside its comment", () => {
    expect(text).toContain('# Made from "old/cluster\\n.env" by');
  });
});
