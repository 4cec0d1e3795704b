import { createHash, type JsonWebKey, type KeyObject, randomBytes } from "node:crypto";

/** One key in OpenSSH's formats; all empty for a curve that OpenSSH does not know (P224). */
export type OpenSshKey = { privateKey: string; publicKey: string; md5: string; sha256: string };

const curves: Record<string, string> = { "P-256": "nistp256", "P-384": "nistp384", "P-521": "nistp521" };

/** @see openssh-portable: PROTOCOL.key; RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4 */
export function openSshKey(key: KeyObject): OpenSshKey {
  const parts = keyParts(key);
  if (parts === undefined) return { privateKey: "", publicKey: "", md5: "", sha256: "" };
  const blob = Buffer.concat([text(parts.type), ...parts.public]);
  return {
    privateKey: pem(privateBlob(parts, blob)),
    publicKey: `${parts.type} ${blob.toString("base64")}\n`,
    md5: createHash("md5")
      .update(blob)
      .digest("hex")
      .replace(/..(?=.)/g, "$&:"),
    sha256: `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`,
  };
}

type Parts = { type: string; public: Buffer[]; private: Buffer[] };

function keyParts(key: KeyObject): Parts | undefined {
  // Node writes no JSON key for the curve P224.
  if (key.asymmetricKeyDetails?.namedCurve === "secp224r1") return undefined;
  const jwk = key.export({ format: "jwk" });
  const part = (name: keyof JsonWebKey) => Buffer.from(String(jwk[name] ?? ""), "base64url");
  if (key.asymmetricKeyType === "rsa") {
    const integers = (...names: (keyof JsonWebKey)[]) => names.map((name) => integer(part(name)));
    return { type: "ssh-rsa", public: integers("e", "n"), private: integers("n", "e", "d", "qi", "p", "q") };
  }
  if (key.asymmetricKeyType === "ed25519") {
    const publicKey = bytes(part("x"));
    const privateKey = bytes(Buffer.concat([part("d"), part("x")]));
    return { type: "ssh-ed25519", public: [publicKey], private: [publicKey, privateKey] };
  }
  const curve = curves[jwk.crv ?? ""] ?? "";
  const point = bytes(Buffer.concat([Buffer.from([4]), part("x"), part("y")]));
  const publicParts = [text(curve), point];
  return { type: `ecdsa-sha2-${curve}`, public: publicParts, private: [...publicParts, integer(part("d"))] };
}

function privateBlob(parts: Parts, publicBlob: Buffer): Buffer {
  const check = randomBytes(4);
  const clear = Buffer.concat([check, check, text(parts.type), ...parts.private, text("")]);
  const padding = Buffer.from(Array.from({ length: (8 - (clear.length % 8)) % 8 }, (_, index) => index + 1));
  const one = Buffer.from([0, 0, 0, 1]);
  const head = [Buffer.from("openssh-key-v1\0"), text("none"), text("none"), text(""), one, bytes(publicBlob)];
  return Buffer.concat([...head, bytes(Buffer.concat([clear, padding]))]);
}

function pem(blob: Buffer): string {
  const lines = blob.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join("\n")}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

function bytes(content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

function text(content: string): Buffer {
  return bytes(Buffer.from(content));
}

/** Big-endian, with a leading zero where the first bit would mean a minus. */
function integer(content: Buffer): Buffer {
  const first = content.findIndex((byte) => byte !== 0);
  const digits = first === -1 ? Buffer.alloc(0) : content.subarray(first);
  return bytes((digits[0] ?? 0) > 127 ? Buffer.concat([Buffer.from([0]), digits]) : digits);
}
