import { expect, it } from "vitest";
import { registriesConfigs, registriesMirrors } from "../../../render/registries-yaml.ts";
import fc from "../../properties.ts";
import { readRegistries as read } from "./registries-model.ts";

const host = "registry.example.org:5000";
const urls = [`https://${host}`];

it("registriesMirrors › has the same URLs for each name", () => {
  expect(read(registriesMirrors([host, "registry:5000"], [...urls, "http://10.96.0.10:5000"]))).toEqual({
    mirrors: {
      [host]: { endpoint: [`https://${host}`, "http://10.96.0.10:5000"] },
      "registry:5000": { endpoint: [`https://${host}`, "http://10.96.0.10:5000"] },
    },
  });
});

it("registriesConfigs › is undefined without CA and credentials", () => {
  expect(registriesConfigs({ urls })).toBeUndefined();
});

it("registriesConfigs › has the CA, and leaves verification on", () => {
  expect(read(registriesConfigs({ urls, caFile: "/etc/ca.crt" }))).toEqual({
    configs: { [host]: { tls: { ca_file: "/etc/ca.crt" } } },
  });
});

it("registriesConfigs › has credentials for each address, and the CA for https alone", () => {
  const auth = { username: "dana", password: "d4na" };
  const all = [...urls, "http://10.96.0.10:5000"];
  expect(read(registriesConfigs({ urls: all, caFile: "/etc/ca.crt", auth }))).toEqual({
    configs: { [host]: { tls: { ca_file: "/etc/ca.crt" }, auth }, "10.96.0.10:5000": { auth } },
  });
});

it.each(["yes", "0123", "12:30", "~", "*", "!x", "a: b # c", 'it\'s "so"', "\\n", "ü€"])(
  "registriesConfigs › keeps the password %j as it is",
  (password) => {
    const { configs } = read(registriesConfigs({ urls, auth: { username: "dana", password } }));
    expect(configs?.[host]?.auth).toEqual({ username: "dana", password });
  },
);

it("registriesConfigs › writes any password on one line", () => {
  const password = fc.string({ unit: "grapheme", minLength: 1, maxLength: 72 });
  fc.assert(
    fc.property(password, (password) => {
      const text = registriesConfigs({ urls, auth: { username: "dana", password } });
      expect(read(text).configs?.[host]?.auth?.password).toBe(password);
      expect(text?.split("\n")).toHaveLength(6);
    }),
  );
});
