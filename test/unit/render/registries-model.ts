import { parse } from "yaml";
import { z } from "zod";

/** What k3s takes, and nothing else. @see https://github.com/rancher/wharfie: pkg/registries/types.go */
const Registries = z.strictObject({
  mirrors: z
    .record(
      z.string(),
      z.strictObject({ endpoint: z.array(z.url()), rewrite: z.record(z.string(), z.string()).optional() }),
    )
    .optional(),
  configs: z
    .record(
      z.string(),
      z.strictObject({
        auth: z
          .strictObject({
            username: z.string(),
            password: z.string(),
            auth: z.string().optional(),
            identity_token: z.string().optional(),
          })
          .optional(),
        tls: z
          .strictObject({
            ca_file: z.string().optional(),
            cert_file: z.string().optional(),
            key_file: z.string().optional(),
            insecure_skip_verify: z.boolean().optional(),
          })
          .optional(),
      }),
    )
    .optional(),
});

/** As k3s reads it: YAML 1.1, in which yes is no text. */
export function readRegistries(text = ""): z.output<typeof Registries> {
  return Registries.parse(parse(text, { version: "1.1" }));
}
