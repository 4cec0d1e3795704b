import type { Machine } from "../hosts/machine.ts";

/**
 * Creates a new image with one layer of random bytes, which no compression shrinks, as an archive on a machine with Docker.
 *
 * @example const archive = await testImage(client, { megabytes: 200 })
 */
export async function testImage(machine: Machine, size: { megabytes?: number } = {}): Promise<string> {
  const { megabytes = 0 } = size;
  return machine.run(
    `folder=$(mktemp --directory /var/tmp/test-image-XXXXXX)
     name=test-image:$(basename "$folder" | tr 'A-Z' 'a-z')
     { echo "$folder"; head --bytes "$1"M /dev/urandom; } >"$folder/content"
     tar --create --directory "$folder" content | docker import - "$name" >/dev/null
     docker save --output "$folder/image.tar" "$name"
     docker image rm "$name" >/dev/null
     rm "$folder/content"
     echo "$folder/image.tar"`,
    { args: [String(megabytes)], timeoutSeconds: 300 },
  );
}
