/** Secrets, each by a name that may appear in a test's output. */
export type Secrets = Record<string, string>;

/** The names of the secrets that a text contains, either in clear or inside of base64. */
export function secretsIn(text: string, secrets: Secrets): string[] {
  return Object.entries(secrets)
    .filter(([, secret]) => [secret, ...inBase64(secret)].some((form) => text.includes(form)))
    .map(([name]) => name);
}

/** A line of a private key that is really secret. Other lines name algorithms, or repeat the public key. */
export function keyLine(pem: string): string {
  const lines = pem.trim().split("\n").slice(1, -1);
  const line = pem.includes("OPENSSH") ? lines.at(-2) : lines[0];
  if (line === undefined) throw new Error("a private key without a line between its first and its last");
  return line;
}

/**
 * The three texts by which a secret can be found inside of base64, which encodes groups of three bytes: one for each position in
 * a group where the secret may begin. Characters that depend on the bytes beside the secret are cut off.
 */
function inBase64(secret: string): string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.from(" ".repeat(before) + secret).toString("base64");
    const whole = text.endsWith("=") ? text.replace(/.=+$/, "") : text;
    return whole.slice(before === 0 ? 0 : before + 1);
  });
}
