import log from "@pulumi/pulumi/log/index.js";
import { expect, it } from "vitest";
import { keepAnswersOutOfDebugLog } from "../../components/sdk-debug-log.ts";

it("keepAnswersOutOfDebugLog › logs a message without the response in it", async () => {
  const said: unknown[] = [];
  Object.assign(log, { debug: async (message: string, ...rest: unknown[]) => void said.push([message, ...rest]) });
  keepAnswersOutOfDebugLog();

  await log.debug("RegisterResource RPC finished: a; err: null, resp: urn,id,\nhunter2", undefined, 1);
  await log.debug("Registering resource: t=a, name=b");

  expect(said).toEqual([
    ["RegisterResource RPC finished: a; err: null, resp: not logged", undefined, 1],
    ["Registering resource: t=a, name=b"],
  ]);
});
