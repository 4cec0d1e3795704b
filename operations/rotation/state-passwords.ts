type State = { deployment?: { resources?: { urn: string; delete?: boolean; outputs?: Record<string, unknown> }[] } };

/** The generated passwords that an exported state holds for an account, the newest first. */
export function statePasswords(state: unknown, account: string): string[] {
  const { deployment: { resources = [] } = {} } = state as State;
  const name = new RegExp(`::registry-accounts-${account}-password(?:-(\\d+))?$`);
  return resources
    .flatMap(({ urn, delete: replaced, outputs }) => {
      const [found, generation = "0"] = name.exec(urn) ?? [];
      if (found === undefined || replaced || outputs?.result === undefined) return [];
      return [{ generation: Number(generation), password: clear(outputs.result) }];
    })
    .sort((one, other) => other.generation - one.generation)
    .map(({ password }) => password);
}

/** As `--show-secrets` exports a secret: its JSON under `plaintext`, beside Pulumi's mark. */
function clear(value: unknown): string {
  if (typeof value === "string") return value;
  return String(JSON.parse(String((value as { plaintext?: string }).plaintext)));
}
