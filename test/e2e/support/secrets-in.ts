/** What must stay secret, by a name that a message may tell. */
export type Secrets = Record<string, string>;

/** The names of the secrets that a text holds: as they are, or within something encoded in base64. */
export function secretsIn(text: string, secrets: Secrets): string[] {
  return Object.entries(secrets)
    .filter(([, secret]) => [secret, ...inBase64(secret)].some((form) => text.includes(form)))
    .map(([name]) => name);
}

/** A line of a private key that only its owner has: other lines name algorithms, or repeat the public half. */
export function keyLine(pem: string): string {
  const lines = pem.trim().split("\n").slice(1, -1);
  const line = pem.includes("OPENSSH") ? lines.at(-2) : lines[0];
  if (line === undefined) throw new Error("a private key without a line between its first and its last");
  return line;
}

/** Its base64, less what depends on its neighbours, for each place in a group of three bytes it may begin at. */
function inBase64(secret: string): string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.from(" ".repeat(before) + secret).toString("base64");
    const whole = text.endsWith("=") ? text.replace(/.=+$/, "") : text;
    return whole.slice(before === 0 ? 0 : before + 1);
  });
}
