import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { ensureGo } from "../go-toolchain.ts";

/** A self-signed certificate for localhost and 127.0.0.1, by the generator that comes with Go. */
export async function certificate(): Promise<{ cert: string; key: string }> {
  await ensureGo("the generator of the tests' certificates");
  const { stdout: goRoot } = await execa("go", ["env", "GOROOT"]);
  const cwd = await mkdtemp(join(tmpdir(), "certificate-"));
  try {
    const generator = join(goRoot, "src/crypto/tls/generate_cert.go");
    await execa("go", ["run", generator, "--host", "localhost,127.0.0.1", "--ecdsa-curve", "P256"], { cwd });
    const read = (file: string) => readFile(join(cwd, file), "utf8");
    return { cert: await read("cert.pem"), key: await read("key.pem") };
  } finally {
    await rm(cwd, { recursive: true });
  }
}
