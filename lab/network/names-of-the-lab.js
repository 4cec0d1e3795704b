// `node --import` loads this file before a program's own code, so that the program's DNS lookups ask the lab's DNS server
// first.
import dns from "node:dns";

const server = new dns.Resolver();
server.setServers([String(process.env.LAB_DNS)]);
const ofThisMachine = dns.lookup;

dns.lookup = (name, ...rest) => {
  const callback = rest.pop();
  const [options] = rest;
  const answer = (addresses, family) =>
    options?.all
      ? callback(
          null,
          addresses.map((address) => ({ address, family })),
        )
      : callback(null, addresses[0], family);
  server.resolve4(name, (error, addresses) => {
    if (!error) return answer(addresses, 4);
    server.resolve6(name, (error6, addresses6) => {
      if (error6) return ofThisMachine(name, options ?? {}, callback);
      answer(addresses6, 6);
    });
  });
};
