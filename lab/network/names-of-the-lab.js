// `node --import` loads this file before a program's own code, so that the program's DNS lookups ask the lab's DNS server
// first.
import dns from "node:dns";

const server = new dns.Resolver();
server.setServers([String(process.env.LAB_DNS)]);
const ofThisMachine = dns.lookup;

dns.lookup = (name, ...rest) => {
  const callback = rest.pop();
  const [options] = rest;
  server.resolve4(name, (error, addresses) => {
    if (error) return ofThisMachine(name, options ?? {}, callback);
    const found = addresses.map((address) => ({ address, family: 4 }));
    return options?.all ? callback(null, found) : callback(null, found[0].address, 4);
  });
};
