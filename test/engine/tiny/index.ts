import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";

type Machine = { host: string; port: number; user: string; hostKey: string };

const config = new pulumi.Config();
const machine = config.requireObject<Machine>("machine");
const connection = { ...machine, privateKey: config.requireSecret("sshPrivateKey"), dialErrorLimit: 1 };
const folder = config.require("folder");
const greetings = config.requireObject<string[]>("greetings");
const hours = config.getNumber("earlyRenewalHours") ?? 1;

const password = new random.RandomPassword("password", { length: 32, keepers: { rotate: config.get("rotate") ?? "" } });

const caKey = new tls.PrivateKey("ca-key", { algorithm: "ECDSA", ecdsaCurve: "P256" });
const ca = new tls.SelfSignedCert("ca", {
  privateKeyPem: caKey.privateKeyPem,
  isCaCertificate: true,
  validityPeriodHours: 240,
  allowedUses: ["cert_signing"],
  subject: { commonName: "Tiny CA" },
});
const key = new tls.PrivateKey("key", { algorithm: "ED25519" });
const request = new tls.CertRequest("request", {
  privateKeyPem: key.privateKeyPem,
  dnsNames: ["registry.example.org"],
});
const leaf = new tls.LocallySignedCert("leaf", {
  caCertPem: ca.certPem,
  caPrivateKeyPem: caKey.privateKeyPem,
  certRequestPem: request.certRequestPem,
  validityPeriodHours: 24,
  earlyRenewalHours: hours,
  allowedUses: ["server_auth"],
});

const here = new command.local.Command("here", { create: "echo here" });

// The password reaches the machine by stdin alone.
const there = new command.remote.Command("there", {
  connection,
  create: ["set -eu", ...greetings.map((greeting) => `echo ${greeting}`), `cat > ${folder}/password`].join("\n"),
  delete: `rm -f ${folder}/password`,
  stdin: password.result,
  addPreviousOutputInEnv: false,
});

const sent = new command.remote.CopyToRemote("sent", {
  connection,
  source: new pulumi.asset.FileAsset(config.require("sendFile")),
  remotePath: `${folder}/sent`,
});

export const outputs = {
  here: here.stdout,
  there: there.stdout,
  sentTo: sent.remotePath,
  ca: ca.certPem,
  leaf: leaf.certPem,
};
export const secretPassword = password.result;
