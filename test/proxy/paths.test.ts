import { describe, expect, it } from "vitest";
import { ask, type Question } from "../../lab/proxy/ask.ts";
import { pushImage } from "../../lab/proxy/content.ts";
import { account, startProxy } from "../../lab/proxy/start-proxy.ts";
import { withWorld } from "../with-world.ts";

const world = withWorld(async ({ use }) => {
  const accounts = [account("jenkins", { push: ["**"], delete: ["**"] }), account("team-a", { push: ["team-a/**"] })];
  const proxy = use(await startProxy({ accounts, requiresAuthForPull: true }));
  const { layer } = await pushImage(proxy, "secret/app", "v1", Buffer.from("layer"), { basic: "jenkins" });
  return { proxy, layer };
});

const teamA: Question = { bearer: "team-a" };
const jenkins: Question = { bearer: "jenkins" };

describe("a path the client bent", () => {
  it.each([
    "GET /v2/team-a/../secret/app/manifests/v1",
    "GET /v2/team-a/app/../../secret/app/manifests/v1",
    "GET /v2/team-a/%2e%2e/secret/app/manifests/v1",
    "GET /v2/team-a/%2E%2E%2Fsecret/app/manifests/v1",
    "GET /v2/team-a%2f..%2fsecret/app/manifests/v1",
    "GET /v2/team-a/.%2e/secret/app/manifests/v1",
    "GET /v2//secret/app/manifests/v1",
    "GET //v2/secret/app/manifests/v1",
    "GET /v2/./secret/app/manifests/v1",
    "GET /V2/secret/app/manifests/v1",
    "GET /v2/secret/app/manifests/v1/",
    "GET /v2/secret/app/manifests/%76%31",
    "GET /v2/secret/%61pp/manifests/v1",
    "GET /v2/secret/app/manifests/v1%00",
    "GET /v2/secret/app/manifests/..",
    "GET /v2/team-a/app/blobs/uploads/..",
    "GET /v2/team-a/app/blobs/uploads/../../../secret/app/manifests/v1",
    "GET /v2/team-a/app/blobs/uploads/..%2f..%2f..%2fsecret/app/manifests/v1",
    "PUT /v2/team-a/../secret/app/manifests/v1",
    "DELETE /v2/team-a/%2e%2e/secret/app/manifests/v1",
    "POST /v2/team-a/..%2fsecret/app/blobs/uploads/",
    "GET /v2/TEAM-A/app/manifests/v1",
    "GET /v2/team-a/App/manifests/v1",
    "GET /v2/-team-a/app/manifests/v1",
    "GET /v2/team-a_/app/manifests/v1",
    "GET /v2/team..a/app/manifests/v1",
    "GET /v2/localhost:5000/app/manifests/v1",
    "GET /v2/team-a/app/manifests/v1;secret",
    "GET /v2/team-a/app/unknown/v1",
    "GET /v2/team-a/app",
    "GET /v2/_catalog/",
    "GET /v2/%5fcatalog",
    "GET /debug/vars",
    "GET /",
  ])("%s is no endpoint", async (line) => {
    for (const as of [teamA, jenkins]) {
      const answer = await ask(world().proxy, line, as);
      expect(answer.status).toBe(404);
      expect(answer.headers.via).toBeUndefined();
      expect(JSON.parse(answer.text).errors[0].code).toBe("NAME_INVALID");
    }
  });

  it("in absolute form is no endpoint", async () => {
    expect((await ask(world().proxy, `GET ${world().proxy.url}/v2/secret/app/manifests/v1`, teamA)).status).toBe(404);
  });
});

describe("a path the registry itself does not know", () => {
  it.each([
    `GET /v2/secret/app/referrers/sha256:${"0".repeat(64)}`,
    "GET /v2/secret/app/blobs/no-digest",
    "GET /v2/secret/app/tags/v1",
  ])("%s is answered in the specification's JSON too", async (line) => {
    const answer = await ask(world().proxy, line, jenkins);
    expect([answer.status, answer.headers["content-type"]]).toEqual([404, "application/json"]);
    expect(JSON.parse(answer.text).errors).toHaveLength(1);
  });
});

describe("a path with endpoint words in the repository's name", () => {
  it.each([
    // The last endpoint word is the endpoint; what is before it is the name, to the proxy and to the registry.
    ["GET /v2/team-a/manifests/v1/manifests/v1", 404],
    ["GET /v2/team-a/blobs/uploads/manifests/v1", 404],
    ["GET /v2/team-a/tags/list/tags/list", 404],
    ["GET /v2/secret/app/manifests/team-a/manifests/v1", 403],
    ["POST /v2/secret/blobs/uploads/team-a/blobs/uploads/", 403],
    ["POST /v2/team-a/blobs/uploads/secret/blobs/uploads/", 202],
  ])("%s → %i", async (line, status) => {
    const answer = await ask(world().proxy, line, teamA);
    expect(answer.status).toBe(status);
    if (status === 202)
      expect(answer.headers.location).toMatch(/^\/v2\/team-a\/blobs\/uploads\/secret\/blobs\/uploads\//);
  });
});

describe("a method an endpoint does not have", () => {
  it.each([
    ["POST /v2/team-a/app/manifests/v1", "GET, HEAD, PUT, DELETE"],
    ["PATCH /v2/team-a/app/manifests/v1", "GET, HEAD, PUT, DELETE"],
    ["OPTIONS /v2/team-a/app/manifests/v1", "GET, HEAD, PUT, DELETE"],
    [`PUT /v2/team-a/app/blobs/sha256:${"0".repeat(64)}`, "GET, HEAD, DELETE"],
    ["POST /v2/team-a/app/blobs/uploads", "GET, HEAD, DELETE"],
    ["BREW /v2/team-a/app/blobs/uploads/", "GET, HEAD, POST, PATCH, PUT, DELETE"],
    ["POST /v2/team-a/app/tags/list", "GET"],
    ["POST /v2/_catalog", "GET"],
    ["POST /token", "GET"],
  ])("%s is answered 405 with what there is: %s", async (line, allow) => {
    const answer = await ask(world().proxy, line, teamA);
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe(allow);
    expect(JSON.parse(answer.text).errors[0].code).toBe("UNSUPPORTED");
  });
});

it("serves what the name in the path says, not what the query or headers say", async () => {
  const headers = { "x-original-url": `/v2/secret/app/blobs/${world().layer}`, "x-http-method-override": "DELETE" };
  const answer = await ask(world().proxy, `GET /v2/team-a/app/blobs/${world().layer}?repository=secret/app`, {
    ...teamA,
    headers,
  });
  expect(answer.status).toBe(404);
});
