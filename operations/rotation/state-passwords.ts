import { stateValue } from "../state-value.ts";

type State = { deployment?: { resources?: { urn: string; delete?: boolean; outputs?: Record<string, unknown> }[] } };

/** The generated passwords that an exported state holds for an account, the newest first. */
export function statePasswords(state: unknown, account: string): string[] {
  const { deployment: { resources = [] } = {} } = state as State;
  return resources
    .flatMap(({ urn, delete: replaced, outputs }) => {
      const generation = generationOf(urn, account);
      if (generation === undefined || replaced || outputs?.result === undefined) return [];
      return [{ generation, password: String(stateValue(outputs.result)) }];
    })
    .sort((one, other) => other.generation - one.generation)
    .map(({ password }) => password);
}

/** The generation of the password that a resource holds; undefined if it is no password of the account. */
function generationOf(urn: string, account: string): number | undefined {
  const name = urn.split("::").at(-1);
  const first = `registry-accounts-${account}-password`;
  if (name === first) return 0;
  const [, generation] = /^-(\d+)$/.exec(name?.startsWith(first) ? name.slice(first.length) : "") ?? [];
  return generation === undefined ? undefined : Number(generation);
}
