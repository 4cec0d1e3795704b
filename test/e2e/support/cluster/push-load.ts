import { authFile } from "../../../../lab/clients/auth-file.ts";
import type { Credentials } from "../../../../lab/clients/clients.ts";
import { secretInput } from "../../../../lab/clients/outcome.ts";
import type { Machine } from "../../../../lab/hosts/machine.ts";

export type PushLoad = {
  client: Machine;
  /** `HOST/PATH`: image number n is pushed to `HOST/PATH/n:1`. */
  prefix: string;
  credentials: Credentials;
  /** The number of images. Each of them has one layer, which no other image has. */
  images: number;
};

/** The result of pushing one image: its digest if the push succeeded, no digest if it failed. */
export type Push = { reference: string; digest?: string };

/** Pushes images, three at a time, with a client that does not repeat a failed push. */
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
