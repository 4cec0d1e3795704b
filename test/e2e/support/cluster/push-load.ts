import { authFile } from "../../../../lab/clients/auth-file.ts";
import type { Credentials } from "../../../../lab/clients/clients.ts";
import { secretInput } from "../../../../lab/clients/outcome.ts";
import type { Machine } from "../../../../lab/hosts/machine.ts";

export type PushLoad = {
  client: Machine;
  /** `HOST/PATH`: image number n is pushed to `HOST/PATH/n:1`. */
  prefix: string;
  credentials: Credentials;
  /** How many images, each of one layer of its own. */
  images: number;
};

/** What a client was told about one image: pushed under this digest, or not. */
export type Push = { reference: string; digest?: string };

/** Pushes images one after the other, three at a time, by a client that does not try a failed one again. */
export async function pushLoad({ client, prefix, credentials, images }: PushLoad): Promise<Push[]> {
  const lines = await client.run(
    `${authFile}
     export DOCKER_CONFIG="$auth"
     one() {
       layer=$(mktemp) && head --bytes 4M /dev/urandom >"$layer" && tar --create --file "$layer.tar" "$layer" 2>/dev/null
       digest=$(timeout 60 crane append --new_layer "$layer.tar" --new_tag "$1:1" 2>"$layer") || digest=
       rm "$layer" "$layer.tar"
       echo "$1:1 \${digest##*@}"
     }
     for number in $(seq "$2"); do
       one "$1/$number" &
       [ $((number % 3)) -ne 0 ] || wait
     done
     wait`,
    { args: [prefix, String(images)], input: secretInput(credentials), timeoutSeconds: 280 },
  );
  return lines.split("\n").map((line) => {
    const [reference = "", digest] = line.split(" ");
    return { reference, ...(digest && { digest }) };
  });
}
