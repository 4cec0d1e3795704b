import { describe, expect, it } from "vitest";
import { lineDifference } from "../../../../operations/health/line-difference.ts";
import { commandOf, stateIn, textsIn, variableIn } from "../../../../operations/health/machines/applied-commands.ts";
import { appliedFacts, lacks } from "../../../../operations/health/machines/applied-facts.ts";
import { nodeFacts } from "../../../../operations/health/machines/node-facts.ts";
import { onMachine } from "../../../../operations/health/mends.ts";
import { ownRepository, pushTarget } from "../../../../operations/health/registry/push-target.ts";

const secret = (text: string) => ({ "4dabf18193072939515e22adb298388d": "1b47", plaintext: JSON.stringify(text) });

describe("the state of the last up", () => {
  const create = `script() { cat <<'END_'
machine=worker
registry_urls='https://registry.example.org http://10.0.0.1'
files() {
file 0644 - /etc/x.conf <<'END'
one
two
END
file 0644 reload @certs.d/r/hosts.toml <<'END'
three
END
}
END_
}
`;
  const state = stateIn({
    deployment: {
      resources: [
        { urn: "urn:pulumi:dev::p::random:index/randomId:RandomId::owner", type: "r", outputs: { hex: "00aa" } },
        {
          urn: "urn:pulumi:dev::p::command:remote:Command::worker-k3s-apply@192.0.2.11-2222",
          type: "command:remote:Command",
          inputs: { create, stdin: secret("program\nowner 00aa\n") },
        },
      ],
    },
  });

  it("has the owner's id, and each command with its secret input", () => {
    const connection = {
      kind: "ssh",
      address: "192.0.2.11",
      port: 2222,
      user: "root",
      hostKey: "",
      agent: false,
    } as const;
    expect(state.owner).toBe("00aa");
    expect(commandOf(state, "worker-k3s-apply", connection)?.stdin).toBe("program\nowner 00aa\n");
    expect(commandOf(state, "worker-docker-apply", connection)).toBeUndefined();
  });

  it("has the text of each file that the command writes, and its variables", () => {
    expect([...textsIn({ create })]).toEqual([
      ["/etc/x.conf", "one\ntwo\n"],
      ["@certs.d/r/hosts.toml", "three\n"],
    ]);
    expect(variableIn({ create }, "registry_urls")).toBe("https://registry.example.org http://10.0.0.1");
    expect(variableIn({ create }, "machine")).toBe("worker");
    expect(variableIn({ create }, "ca_file")).toBe("");
  });
});

describe("the lines that a machine prints", () => {
  const printed = `clock 1781524800
addresses 192.0.2.11 10.42.0.1
applied 1781438400
owner 00aa container-registry/dev
file /etc/x.conf 0644 aa 0644 0:0 bb 1781438400
text /etc/x.conf ${Buffer.from("ä\n").toString("base64")}
file /etc/y.conf 0600 cc missing
entry /etc/hosts hosts missing
resolves 192.0.2.10
shadow /etc/hosts 192.0.2.9 registry.example.org # old
unit k3s.service not-found inactive
unit k3s-agent.service loaded active
restart k3s-agent.service
asked https://registry.example.org 60 000
pull-failed x509: unknown authority
`;

  it("are facts about files and entries", () => {
    expect(appliedFacts(printed)).toMatchObject({
      addresses: ["192.0.2.11", "10.42.0.1"],
      applied: { owner: "00aa", isInterrupted: false },
      files: [
        { path: "/etc/x.conf", sha256: "aa", text: "ä\n", now: { mode: "0644", sha256: "bb" } },
        { path: "/etc/y.conf", now: "missing" },
      ],
      entries: [{ path: "/etc/hosts", isThere: false }],
    });
  });

  it("are facts about a node", () => {
    expect(nodeFacts(printed)).toMatchObject({
      shadows: [{ path: "/etc/hosts", line: "192.0.2.9 registry.example.org # old" }],
      units: [{ name: "k3s-agent.service", isActive: true }],
      restarts: ["k3s-agent.service"],
      asked: [{ exitCode: 60, status: 0 }],
      pull: { ok: false, said: "x509: unknown authority" },
    });
  });

  it("name what a node lacks to be as up left it", () => {
    expect(lacks(appliedFacts(printed))).toEqual([
      "/etc/x.conf was changed since the last up",
      "/etc/y.conf is missing",
      "/etc/hosts lacks the entry for the registry",
    ]);
    expect(lacks(appliedFacts("clock 1781524800\naddresses \n"))).toEqual(["no up has set it up"]);
    expect(lacks(appliedFacts("clock 1781524800\naddresses \napplied 1781438400\n"))).toEqual([]);
  });

  it("say nothing of an apply where there was none", () => {
    expect(appliedFacts("clock 1781524800\naddresses \nnothing\n").applied).toBeUndefined();
  });

  it("have to be there", () => {
    expect(() => appliedFacts("sh: not found\n")).toThrow("cannot be read");
  });
});

describe("a difference", () => {
  it("has the lines that one text has and the other has not", () => {
    expect(lineDifference("a\nb\nc\n", "a\nx\nc\nd\n")).toEqual(["- b", "+ x", "+ d"]);
    expect(lineDifference("a\n", "a\n")).toEqual([]);
  });

  it("ends after twenty lines", () => {
    const long = Array.from({ length: 30 }, (_, line) => String(line)).join("\n");
    expect(lineDifference("", long).at(-1)).toMatch(/^… \d+ lines more$/);
  });
});

describe("the repository that a test push goes to", () => {
  it.each([
    ["**", ["container-registry-doctor"]],
    ["team-a/**", ["team-a/container-registry-doctor"]],
    ["*/base/*", ["container-registry-doctor/base/container-registry-doctor"]],
    ["team-a/shop", []],
  ])("of %s is nobody's", (glob, repositories) => {
    expect(ownRepository(glob)).toEqual(repositories);
  });

  const account = { name: "jenkins", push: ["p2c/**"], pull: [], delete: ["**"] };

  it("is one where an account may push and one may delete", () => {
    const target = { account: "jenkins", repository: "p2c/container-registry-doctor", deleter: "jenkins" };
    expect(pushTarget([account], [])).toEqual(target);
    expect(pushTarget([{ ...account, delete: [] }], [])).toBeUndefined();
  });

  it("is none where the tag could not be deleted", () => {
    expect(pushTarget([account], ["p2c/**:v*"])).toBeDefined();
    expect(pushTarget([account], ["**:*"])).toBeUndefined();
  });
});

describe("a command on a machine", () => {
  const ssh = { kind: "ssh", address: "192.0.2.11", port: 22, user: "ops", hostKey: "", agent: false } as const;

  it.each([
    [ssh, "ssh ops@192.0.2.11 'sudo systemctl start k3s'"],
    [{ ...ssh, user: "root", port: 2222 }, "ssh -p 2222 root@192.0.2.11 'systemctl start k3s'"],
    [
      { ...ssh, jump: { address: "192.0.2.1", port: 22, user: "ops", hostKey: "" } },
      "ssh -J ops@192.0.2.1:22 ops@192.0.2.11 'sudo systemctl start k3s'",
    ],
    [{ kind: "docker-container", name: "kind-worker" } as const, "docker exec kind-worker systemctl start k3s"],
    [{ kind: "local" } as const, "sudo systemctl start k3s"],
  ])("is a line to paste", (connection, line) => {
    expect(onMachine(connection, "systemctl start k3s")).toBe(line);
  });
});
