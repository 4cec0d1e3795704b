import { expect, it } from "vitest";
import { backupSecretFiles } from "../../../../hosts/registry-host/backup.ts";

const s3Keys = (secretKey: string) =>
  backupSecretFiles({ password: "p", s3: { accessKey: "AKIA", secretKey } }).find(({ path }) =>
    path.endsWith("/s3-keys"),
  );

it.each([
  ["a/b+c=", "`a/b+c=`"],
  [`a#b;c"d$e'f g`, `\`a#b;c"d$e'f g\``],
  ["with ` inside", '"""with ` inside"""'],
])("writes the S3 key %o for the AWS credentials file that only root may read", (secretKey, written) => {
  expect(s3Keys(secretKey)).toMatchObject({
    mode: "0600",
    text: `[default]\naws_access_key_id = \`AKIA\`\naws_secret_access_key = ${written}\n`,
  });
});
