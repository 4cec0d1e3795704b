import fc from "fast-check";
import { expect, it } from "vitest";
import { registriesConfig, registriesMirror } from "../../../render/registries-yaml.ts";
import { readRegistries as read } from "./registries-model.ts";

const host = "registry.example.org:5000";

it("registriesMirror › is what k3s takes", () => {
  expect(read(registriesMirror(host, `https://${host}`))).toEqual({
    mirrors: { [host]: { endpoint: [`https://${host}`] } },
  });
});

it("registriesConfig › says nothing where there is nothing to say", () => {
  expect(registriesConfig({ host })).toBeUndefined();
});

it("registriesConfig › names the CA, and turns no verification off", () => {
  expect(read(registriesConfig({ host, caFile: "/etc/ca.crt" }))).toEqual({
    configs: { [host]: { tls: { ca_file: "/etc/ca.crt" } } },
  });
});

it.each(["yes", "0123", "12:30", "~", "*", "!x", "a: b # c", 'it\'s "so"', "\\n", "ü€"])(
  "registriesConfig › keeps the password %j as it is",
  (password) => {
    const { configs } = read(registriesConfig({ host, auth: { username: "dana", password } }));
    expect(configs?.[host]?.auth).toEqual({ username: "dana", password });
  },
);

it("registriesConfig › keeps any password, on one line", () => {
  const password = fc.string({ unit: "grapheme", minLength: 1, maxLength: 72 });
  fc.assert(
    fc.property(password, (password) => {
      const text = registriesConfig({ host, auth: { username: "dana", password } });
      expect(read(text).configs?.[host]?.auth?.password).toBe(password);
      expect(text?.split("\n")).toHaveLength(6);
    }),
  );
});
