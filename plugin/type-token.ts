/** The token of a component or type in the package's schema, and so in a program's state. */
export function typeToken(name: string): string {
  return `container-registry:index:${name}`;
}
