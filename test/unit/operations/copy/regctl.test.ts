import { expect, it, vi } from "vitest";
import { copyImage, regctlConfig, requireRegctl, shownError } from "../../../../operations/copy/regctl.ts";
import { RegistryApi } from "../../../../operations/registry-api/registry-api.ts";
import { stubPrograms } from "../fake-programs.ts";

it("regctl's configuration › holds both sides' logins and CAs, and nothing of docker's", () => {
  const side = (host: string, url: string, ca: string) => {
    const logins = () => ({ username: `at-${host}`, password: 'a"b{{c}}' });
    return { host, ca, logins, api: new RegistryApi({ url, ca }, logins) };
  };
  const text = regctlConfig([
    { side: side("docker.io", "https://registry-1.docker.io", ""), access: { right: "pull", repository: "app" } },
    { side: side("here:5000", "http://here:5000", "PEM"), access: { right: "push", repository: "app" } },
  ]);
  expect(JSON.parse(text)).toEqual({
    hosts: {
      "docker.io": { tls: "enabled", user: "at-docker.io", pass: 'a"b{{c}}' },
      "here:5000": { tls: "disabled", regcert: "PEM", user: "at-here:5000", pass: 'a"b{{c}}' },
    },
    incDockerCred: false,
    incDockerCert: false,
  });
});

it("an error of regctl › is shown without the signature in a store's address", () => {
  const line = 'Get "https://bucket.s3.example.org/a/b?X-Amz-Signature=secret&X=1": http 403';
  expect(shownError(line)).toBe('Get "https://bucket.s3.example.org/a/b?…": http 403');
});

it("regctl › is named with its version and address where it is not on PATH", async () => {
  vi.stubEnv("PATH", "/nowhere");
  await expect(requireRegctl()).rejects.toThrow(/regctl is not on this machine's PATH.*releases.*go install/);
  vi.unstubAllEnvs();
  stubPrograms({ regctl: "echo no such library >&2; exit 1" });
  await expect(requireRegctl()).rejects.toThrow("It said: no such library");
});

it("regctl's environment has no password", async () => {
  vi.stubEnv("REGISTRY_COPY_PASSWORD", "correct horse");
  stubPrograms({ regctl: "env | grep -c 'correct horse' >&2; exit 1" });
  const image = { from: "a.example.org/a", to: "b.example.org/a" };
  expect(await copyImage({ ...image, env: {}, signal: AbortSignal.timeout(10_000) })).toBe("0");
  vi.unstubAllEnvs();
});
