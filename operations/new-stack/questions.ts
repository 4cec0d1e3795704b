/** One question about a new stack. Its path is the setting that the answer becomes. */
export type Question = {
  path: string;
  /** The option of `registry init` that answers it. */
  option: string;
  text: string;
  /** A valid answer. */
  example: string;
  /** The answer of whoever gives none. @default none: the question has to be answered */
  default?: string;
};

/**
 * What a registry on a machine of its own cannot do without. `pulumi new` asks the same questions, by `template` in
 * Pulumi.yaml.
 */
export const questions = [
  {
    path: "containerRegistry.host",
    option: "host",
    text: "The registry's name in DNS",
    example: "registry.example.org",
  },
  {
    path: "variant.connection.address",
    option: "address",
    text: "The machine's address, for SSH",
    example: "203.0.113.5",
  },
  {
    path: "variant.connection.hostKey",
    option: "host-key",
    text: "The machine's public host key, in its /etc/ssh/ssh_host_ed25519_key.pub",
    example: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHDqZctSBgrfU5Vnft7eUR7NI75l3rXy4NBZ2gY0f2xG",
  },
  {
    path: "variant.connection.user",
    option: "user",
    text: "Who logs in there, and may sudo without a password",
    example: "ubuntu",
    default: "ubuntu",
  },
  {
    path: "variant.tls.email",
    option: "email",
    text: "Your e-mail address, for Let's Encrypt; without one, the stack has a CA of its own",
    example: "ops@example.org",
    default: "",
  },
] as const satisfies Question[];

/** The question's text with its example, cut where it is long. */
export function textWithExample({ text, example }: Question): string {
  return `${text}, as in ${example.length > 40 ? `${example.slice(0, 16)}…` : example}`;
}

export type AnswerPath = (typeof questions)[number]["path"];

/** Answers by the path of their question. */
export type Answers = { [path in AnswerPath]?: string };
