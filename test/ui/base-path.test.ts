import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { goBinary } from "../../lab/go/go-build.ts";
import { caddy } from "../../lab/images/registry-images.ts";
import { freePort } from "../../lab/network/free-port.ts";
import { answering, startProcess } from "../../lab/proxy/server-process.ts";
import { push } from "./support/images.ts";
import { logIn } from "./support/log-in.ts";
import { startPage } from "./support/start-page.ts";

it("the page › works below any path of an origin that has the API at its root", async () => {
  await using started = await startPage();
  await push(started.proxy, "team-a/app", "v1");
  const port = await freePort();
  const configuration = join(started.proxy.directory, "elsewhere.caddy");
  await writeFile(
    configuration,
    `{
	admin off
	auto_https off
	persist_config off
}
http://:${port} {
	handle_path /some/registry/* {
		root * ${started.root}
		file_server
	}
	handle {
		reverse_proxy ${new URL(started.proxy.url).host}
	}
}
`,
  );
  const args = ["run", "--config", configuration, "--adapter", "caddyfile"];
  const log = join(started.proxy.directory, "elsewhere.log");
  await using server = startProcess(await goBinary(caddy), args, log, {});
  await answering(`http://localhost:${port}`, "GET /some/registry/", [server]);

  const at = `http://localhost:${port}/some/registry/`;
  const { page, complaints } = await started.open("#/team-a/app:v1", { at });
  await logIn(page, "jenkins");
  await page.getByText(`docker pull localhost:${port}/team-a/app:v1`).waitFor();
  await page.getByRole("button", { name: "Delete…" }).waitFor();
  await page.getByRole("link", { name: "Close the image" }).click();
  expect(page.url()).toBe(`${at}#/team-a/app`);
  expect(complaints).toEqual([]);
  await page.context().close();
});
