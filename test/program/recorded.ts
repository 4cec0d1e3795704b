import * as pulumi from "@pulumi/pulumi";

export type Recorded = {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  /** Of a resource that is read, not made. */
  id?: string;
  /** URN and id of the provider that was named for it. */
  provider?: string;
  /** URNs, of inputs and of `dependsOn`. */
  dependencies: string[];
};

/** What Pulumi wraps a secret input in on its way to a provider. */
const secretSignature = "4dabf18193072939515e22adb298388d";

/**
 * Runs a program against mocks and hands back every resource it registered. Fails on two under one type and name. In a
 * preview nothing is known that a provider computes. `stdout` is what each command prints.
 */
export async function recorded<T>(
  program: () => T,
  { preview = false, stdout = "{}" } = {},
): Promise<{ created: T; resources: Recorded[] }> {
  const resources: Recorded[] = [];
  const dependencies = new Map<string, string[]>();
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id, provider }) => {
        if (resources.some((other) => other.type === type && other.name === name))
          throw new Error(`two resources are called ${name} of ${type}`);
        resources.push({ type, name, inputs, id, provider, dependencies: dependencies.get(`${type} ${name}`) ?? [] });
        // The engine's own: what it remembers is known in a preview, too.
        if (type === "pulumi:index:Stash") return { id: `${name}-id`, state: { ...inputs, output: inputs.input } };
        if (preview) return { id: id ?? "", state: inputs };
        return { id: `${name}-id`, state: { ...inputs, ...providerOutputs(type, name, stdout) } };
      },
      call: () => ({}),
    },
    "container-registry",
    "test",
    preview,
  );
  completeMonitor(dependencies);
  try {
    const created = program();
    // A program may load modules and register more resources after that.
    if (created instanceof Promise) await created;
    return { created, resources };
  } finally {
    // After an error, too: the registrations under way would otherwise reach the mocks of the next test.
    await pulumi.runtime.disconnect();
  }
}

type Registration = { getType(): string; getName(): string; getDependenciesList(): string[] };
type RegisterHook = (request: unknown, callback: (error: null, answer: object) => void) => void;
type Monitor = {
  registerResource: (request: Registration, callback: unknown) => unknown;
  registerErrorHook?: RegisterHook;
  registerResourceHook?: RegisterHook;
};

/** The SDK's mock takes no hooks, and tells nobody what depends on what. */
function completeMonitor(dependencies: Map<string, string[]>): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    dependencies.set(`${request.getType()} ${request.getName()}`, request.getDependenciesList());
    return register(request, callback);
  };
  monitor.registerErrorHook = monitor.registerResourceHook = (_, callback) => callback(null, {});
}

/** The one resource of a type and name. */
export function resource(resources: readonly Recorded[], type: string, name: string): Recorded {
  const found = resources.find((one) => one.type === type && one.name === name);
  if (!found) throw new Error(`no ${name} of ${type} among: ${resources.map((one) => one.name).join(", ")}`);
  return found;
}

/** Whether an input reached the provider as a secret. */
export function isSecret(input: unknown): boolean {
  return typeof input === "object" && input !== null && secretSignature in input;
}

/** A secret input's value. */
export function revealed(input: unknown): unknown {
  return isSecret(input) ? (input as { value: unknown }).value : input;
}

/** The value of an output, once it is known. */
export function outputValue<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

/** What the real providers compute, marked by the resource's name. */
function providerOutputs(type: string, name: string, stdout: string): Record<string, unknown> {
  switch (type) {
    case "random:index/randomPassword:RandomPassword":
      return { result: `${name}-result`, bcryptHash: `$2a$10$${name}-hash` };
    case "random:index/randomBytes:RandomBytes":
      return { base64: Buffer.alloc(16, 7).toString("base64") };
    case "random:index/randomId:RandomId":
      return { hex: `${name} hex` };
    case "tls:index/privateKey:PrivateKey":
      return { privateKeyPem: `${name} PEM\n` };
    case "tls:index/selfSignedCert:SelfSignedCert":
    case "tls:index/locallySignedCert:LocallySignedCert":
      return { certPem: `${name} PEM\n` };
    case "tls:index/certRequest:CertRequest":
      return { certRequestPem: `${name} PEM\n` };
    case "command:remote:Command":
    case "command:local:Command":
      return { stdout };
    case "kubernetes:core/v1:Namespace":
      return name.endsWith("-kube-system") ? { metadata: { uid: `${name} uid` } } : {};
    case "kubernetes:core/v1:Service":
      return { spec: { clusterIP: "10.96.0.50" }, status: { loadBalancer: { ingress: [{ ip: "192.0.2.10" }] } } };
    case "kubernetes:core/v1:Secret":
      return { data: { "ca.crt": Buffer.from(`${name} CA\n`).toString("base64") } };
    case "kubernetes:core/v1:ServiceAccount":
      return name.endsWith("-now") ? { metadata: { uid: `${name} uid`, resourceVersion: "1" } } : {};
    case "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition":
      return { spec: { versions: ["v1beta1", "v1beta2"].map((name) => ({ name, served: true })) } };
    case "kubernetes:networking.k8s.io/v1:IngressClass":
      return { spec: { controller: "k8s.io/ingress-nginx" } };
    default:
      return {};
  }
}
