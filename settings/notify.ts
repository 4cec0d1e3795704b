import { z } from "zod";

/** Whom a registry host tells what goes wrong on its own. */
export const Notify = z
  .discriminatedUnion("kind", [
    z
      .strictObject({ kind: z.literal("webhook") })
      .describe(
        'By POST with JSON, as in `{"text": "…"}`, to the URL in the secret `notifyUrl`: Slack, Mattermost, Teams and others',
      ),
    z
      .strictObject({
        kind: z.literal("email"),
        to: z.email("an address, as in ops@example.org").describe("Who gets the mail"),
      })
      .describe("By the host's own msmtp, whose account is in its /etc/msmtprc"),
    z
      .strictObject({
        kind: z.literal("command"),
        command: z
          .string()
          .regex(/^\/[^\s'"]*$/, "the absolute path of a program, as in /usr/local/bin/page")
          .describe("A program of the host, which reads the message from its standard input"),
      })
      .describe("By a program of your own"),
  ])
  .describe(
    "Tells somebody of what goes wrong on a registry host on its own: a full disk, a certificate that is not renewed, a late backup; each once a day at most",
  );

export type Notify = z.output<typeof Notify>;
