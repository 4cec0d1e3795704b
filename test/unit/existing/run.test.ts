import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { planText, planVariable } from "../../../existing/plan.ts";

/** Takes the password `right` alone, and has one repository. */
const server = createServer((request, response) => {
  const right = `Basic ${Buffer.from("ci-bot:right").toString("base64")}`;
  if (request.headers.authorization !== right) response.writeHead(401, { "www-authenticate": "Basic" }).end();
  else response.writeHead(request.method === "POST" ? 202 : 200).end();
});
beforeAll(() => new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening)));
afterAll(() => server.close());

function run(password: string) {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const plan = { url, repository: "shop", requiresAuthForPush: true, requiresAuthForPull: true };
  return execa("node", ["--import", "tsx", "existing/run.ts"], {
    cwd: join(import.meta.dirname, "../../.."),
    env: { [planVariable]: planText(plan) },
    input: JSON.stringify({ login: { username: "ci-bot", password } }),
    reject: false,
  });
}

it("existing/run.ts › prints a summary where the registry takes the credentials", async () => {
  expect(await run("right")).toMatchObject({ exitCode: 0, stdout: '{"warnings":[]}', stderr: "" });
});

it("existing/run.ts › prints one sentence where it refuses them, without a stack, and fails", async () => {
  const { exitCode, stdout, stderr } = await run("wrong-word");
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toMatch(
    /^http:\S+ the registry refuses registryUsername with registryPassword \(401\); .*registryPassword$/,
  );
  expect(stderr).not.toContain("wrong-word");
});
