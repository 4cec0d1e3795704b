import { X509Certificate } from "node:crypto";
import { connect } from "node:tls";
import { describe, expect, it, vi } from "vitest";
import { ask, type Question } from "../../lab/proxy/ask.ts";
import { certificate } from "../../lab/proxy/certificate.ts";
import { pushImage } from "../../lab/proxy/content.ts";
import { account } from "../../lab/proxy/start-proxy.ts";
import { type StartedTraefik, startTraefik } from "../../lab/proxy/start-traefik.ts";
import { withWorld } from "../with-world.ts";

const accounts = [account("jenkins", { push: ["**"] }), account("cluster", { pull: ["**"] })];
const all = ["**"];

const nobody: Question = {};
const wrongPassword: Question = { headers: { authorization: `Basic ${btoa("jenkins:wrong")}` } };
const forged: Question = { headers: { authorization: "Bearer jenkins-token" } };
const jenkins: Question = { basic: "jenkins" };
const cluster: Question = { basic: "cluster" };

const manifest = "/v2/p2c/app/manifests/v1";
const upload = "/v2/p2c/new/blobs/uploads/";

describe("Traefik with a certificate of its own, a closed catalogue, and nobody who deletes", () => {
  const traefik = withWorld(startWithImage);

  it.each<[string, string, Question, number]>([
    ["nobody pings", "GET /v2/", nobody, 401],
    ["a wrong password pings", "GET /v2/", wrongPassword, 401],
    ["a token pings: Traefik has none", "GET /v2/", forged, 401],
    ["who may read pings", "GET /v2/", cluster, 200],
    ["nobody reads", `GET ${manifest}`, nobody, 401],
    ["who may read reads", `GET ${manifest}`, cluster, 200],
    ["who may push reads", `HEAD ${manifest}`, jenkins, 200],
    ["nobody pushes", `POST ${upload}`, nobody, 401],
    ["who may read pushes", `POST ${upload}`, cluster, 401],
    ["who may read puts", `PUT ${manifest}`, cluster, 401],
    ["who may read patches", `PATCH ${upload}1`, cluster, 401],
    ["who may push pushes", `POST ${upload}`, jenkins, 202],
    ["nobody deletes", `DELETE ${manifest}`, nobody, 401],
    ["who may push deletes", `DELETE ${manifest}`, jenkins, 403],
    ["nobody sends another method", `OPTIONS ${manifest}`, nobody, 404],
    ["who may push sends another method", `OPTIONS ${manifest}`, jenkins, 404],
    ["nobody asks for the catalogue", "GET /v2/_catalog", nobody, 404],
    ["nobody asks for what is not the registry's", "GET /debug/vars", nobody, 404],
    ["anybody asks for its health", "GET /healthz", nobody, 200],
  ])("%s: %s", async (_what, line, question, status) => {
    expect((await ask(traefik(), line, question)).status).toBe(status);
  });

  it.each([
    "/v2/_catalog",
    "/v2/_catalog?n=1",
    "/v2//_catalog",
    "/v2/%5Fcatalog",
    "/v2/x/../_catalog",
    "//v2/_catalog",
  ])("lists no repositories at %s", async (path) => {
    expect((await ask(traefik(), `GET ${path}`, jenkins)).text).not.toContain("p2c/app");
  });

  it("asks for a name and a password, not for a token", async () => {
    const { headers } = await ask(traefik(), "GET /v2/");
    expect(headers["www-authenticate"]).toBe('Basic realm="registry"');
  });

  it("sends plain HTTP to its port with TLS", async () => {
    const { status, headers } = await ask({ url: traefik().plainUrl }, `GET ${manifest}`, jenkins);
    expect([status, headers.location]).toEqual([301, `${traefik().url}${manifest}`]);
  });

  it("tells what it serves to the machine itself, and to nobody by its name", async () => {
    expect((await marks(traefik())).every((mark) => /^v-[0-9a-f]{12}$/.test(mark))).toBe(true);
    const { headers } = await ask(traefik(), "GET /healthz");
    expect([headers["x-routes"], headers["x-secrets"]]).toEqual([undefined, undefined]);
  });

  it("takes accounts while it runs, and says so", async () => {
    await using traefik = await startWithImage();
    const before = await marks(traefik);
    const deletes = [...accounts, account("janitor", { pull: all, delete: all })];
    await traefik.reload({ accounts: deletes, catalogue: "open" });
    await vi.waitUntil(async () => (await marks(traefik)).every((mark, index) => mark !== before[index]), 30_000);
    expect((await ask(traefik, "GET /v2/", { basic: "janitor" })).status).toBe(200);
    expect((await ask(traefik, `DELETE ${manifest}`, jenkins)).status).toBe(401);
    expect((await ask(traefik, "GET /v2/_catalog", cluster)).text).toContain("p2c/app");
    expect(traefik.proxy.child.exitCode).toBeNull();
  });

  it("shows another certificate once it is renewed, without a restart", async () => {
    await using traefik = await startWithImage();
    const renewed = await certificate();
    await traefik.reload({}, renewed);
    const { fingerprint256 } = new X509Certificate(renewed.cert);
    await vi.waitUntil(async () => (await shown(traefik)) === fingerprint256, 30_000);
    expect(traefik.proxy.child.exitCode).toBeNull();
  });

  it("goes on with what it has where routes cannot be read, and says so", async () => {
    await using traefik = await startWithImage();
    const before = await marks(traefik);
    await traefik.reloadRoutes("http: { routers: { read: { rule: 1, nonsense: 2 } } }\n");
    await vi.waitUntil(async () => (await traefik.proxy.log()).includes("nonsense"), 30_000);
    expect(await marks(traefik)).toEqual(before);
    expect((await ask(traefik, "GET /v2/", cluster)).status).toBe(200);
  });

  it("logs who asked, and no header", async () => {
    await ask(traefik(), "GET /v2/", jenkins);
    const asked = '"ClientUsername":"jenkins"';
    await vi.waitUntil(async () => (await traefik().proxy.log()).includes(asked), 30_000);
    const log = await traefik().proxy.log();
    expect(log).toContain(asked);
    expect(log).not.toMatch(/authorization|Basic /i);
  });

  async function startWithImage(): Promise<StartedTraefik> {
    const traefik = await startTraefik({ accounts, catalogue: "closed" });
    const { answer } = await pushImage(traefik, "p2c/app", "v1", Buffer.from("layer"), jenkins);
    expect(answer.status).toBe(201);
    return traefik;
  }

  function shown(traefik: StartedTraefik): Promise<string> {
    const { hostname: host, port } = new URL(traefik.url);
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port: Number(port), rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate().fingerprint256);
        socket.destroy();
      });
      socket.on("error", reject);
    });
  }

  async function marks(traefik: StartedTraefik): Promise<string[]> {
    const { headers } = await ask({ url: traefik.plainUrl }, "GET /healthz");
    return [String(headers["x-routes"]), String(headers["x-secrets"])];
  }
});

describe("Traefik without TLS", () => {
  it("asks at its one port", async () => {
    await using traefik = await startTraefik({ tls: { kind: "none" }, accounts });
    expect((await ask(traefik, "GET /v2/")).status).toBe(401);
    expect((await ask(traefik, "GET /v2/", cluster)).status).toBe(200);
    expect((await ask(traefik, "GET /healthz")).headers["x-routes"]).toMatch(/^v-/);
  });
});
