import { trust } from "../../../../lab/clients/clients.ts";
import { type Machine, startMachine } from "../../../../lab/hosts/machine.ts";
import type { RegistryStack } from "./registry-stack.ts";

/**
 * Destroys the registry's machine and starts another one in its place: another address, another SSH host key, the same name in
 * DNS. What is on the new machine is what a cloud hands out.
 */
export async function startInsteadOf(registry: RegistryStack, name: string): Promise<Machine> {
  await registry.machine[Symbol.asyncDispose]();
  const machine = await startMachine({ name, kind: "client", debianMirror: true, names: [registry.host] });
  const hostKey = await machine.run(
    `ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/new_host_key
     sed -i 's|^HostKey .*|HostKey /etc/ssh/new_host_key|' /etc/ssh/sshd_config.d/lab.conf
     systemctl restart ssh
     cut -d ' ' -f 1,2 /etc/ssh/new_host_key.pub`,
  );
  await trust(machine, registry.host, String((await registry.stack.outputs()).registryCa));
  return { ...machine, connection: { ...machine.connection, hostKey } };
}
