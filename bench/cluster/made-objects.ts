/** The objects in a cluster that a stack has made, from its state with secrets in clear; a namespace before what is in it. */
export function madeObjects(state: unknown): object[] {
  const { deployment } = state as State;
  return deployment.resources
    .filter(
      ({ type, custom, external, inputs }) => custom && !external && type.startsWith("kubernetes:") && inputs?.kind,
    )
    .map(({ inputs }) => withoutMarks(inputs))
    .sort((one, other) => rank(one) - rank(other));
}

type State = {
  deployment: {
    resources: { type: string; custom: boolean; external?: boolean; inputs?: Record<string, unknown> }[];
  };
};

/** A secret in a state is its JSON as text, beside a signature. */
function withoutMarks(value: unknown): object {
  return JSON.parse(JSON.stringify(value), (_key, each) =>
    typeof each === "object" && each !== null && "plaintext" in each ? JSON.parse(each.plaintext) : each,
  );
}

function rank(object: object): number {
  return "kind" in object && object.kind === "Namespace" ? 0 : 1;
}
