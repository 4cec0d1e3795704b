import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The password of the empty repository. */
export const repositoryPassword = "it's a 'secret'";

/**
 * The files of an empty restic repository. restic 0.18.1 created it with scrypt at N = 128 (internal/repository/key.go: params)
 * instead of what takes half a second on the machine, so that each of its commands takes a twentieth of its usual processor time.
 */
const config =
  "cRAOJHy/0N+lTGeKQdaYCr9j7oKLHlW7qVN8XinrwFvlGvbE02fxCM1k4vu092Ok4jH87/Q8Lh/wcARVo2fKAnS3BpVbdYpP0kyxlj8eDWp7jXkfaBOm4s4MGximGqxJPXB/bkPknnqcxUI902zdduF8BVkxrHEbdIkc6UhGYviJ8o+ncyHbcY26+9rR2NF6vAimnFHFOG/3uSE=";
const key =
  '{"created":"2026-11-23T14:31:41.332242001Z","username":"root","hostname":"vm","kdf":"scrypt","N":128,"r":1,"p":1,"salt":"cdAmj4kU6eW9sWtxL/HqMDnIWGdwnpHx3DvBTxNlpOTpBfIbs6tMiExTK31wwmQyBuZLE5CNu481eXuqDFaHyg==","data":"bQc5R3MYeuFmuiRt3ivS6dn/XPDTD9l+/7Y3Mtkej5JFGp+6qcT09GJZJAa510AAs3CHRq3vgxJuTPqW9ZfsRGEI+PaBmMq+1MI9yFB6t2HBx7zIMtK/T79gdkoRXv9I6uPan0oIKPugwRp8HDR2ZC0Hdt/YzL3WJQ/7UZn7WzA7BPAb0HxOpzNUOteGB606FVS3ZP3N46vkx0E7OhFeDg=="}';

/** Creates the empty restic repository, as `restic init` does. */
export function createEmptyRepository(folder: string): void {
  for (const part of ["data", "index", "keys", "locks", "snapshots"])
    mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, "config"), Buffer.from(config, "base64"));
  // restic checks that the name of a file is the digest of its content.
  writeFileSync(join(folder, "keys", createHash("sha256").update(key).digest("hex")), key);
}
