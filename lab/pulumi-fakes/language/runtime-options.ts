/** `runtime.options` of Pulumi.yaml and PulumiPolicy.yaml. */
export type RuntimeOptions = {
  /** Whether the SDK runs the program by ts-node. @default true */
  typescript?: boolean;
  tsconfig?: string;
  /** Arguments for Node.js, without quotes. */
  nodeargs?: string;
};

/** What the options are to Node.js: its arguments, and environment variables for the SDK. */
export function configuredRuntime({ typescript = true, tsconfig, nodeargs = "" }: RuntimeOptions) {
  const environment: NodeJS.ProcessEnv = {
    ...(typescript && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
    ...(tsconfig && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
  };
  return { nodeArguments: nodeargs.split(/\s+/).filter((argument) => argument !== ""), environment };
}
