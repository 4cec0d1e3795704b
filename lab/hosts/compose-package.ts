import { dockerPlatform } from "../docker/docker-platform.ts";
import { goBinary } from "../go/go-build.ts";
import { compose } from "../images/machine-image.ts";
import type { Machine } from "./machine.ts";

/**
 * Adds a local apt repository with a package `docker-compose-v2` to a machine. Ubuntu has a package of that name, Debian 12 has
 * none. The lab's package contains the Compose program that the lab built.
 */
export async function offerComposePackage(machine: Machine): Promise<void> {
  await machine.run("mkdir -p /opt/lab-apt/package/DEBIAN /opt/lab-apt/package/usr/libexec/docker/cli-plugins");
  const platform = await dockerPlatform();
  const plugin = "/opt/lab-apt/package/usr/libexec/docker/cli-plugins/docker-compose";
  await machine.copyTo(await goBinary(compose, platform), plugin);
  await machine.run(
    `chmod 0755 "$1"
     cd /opt/lab-apt
     cat >package/DEBIAN/control
     dpkg-deb --root-owner-group -Znone --build package docker-compose-v2.deb >/dev/null
     { cat package/DEBIAN/control
       echo "Filename: ./docker-compose-v2.deb"
       echo "Size: $(stat --format %s docker-compose-v2.deb)"
       echo "SHA256: $(sha256sum docker-compose-v2.deb | cut -d ' ' -f 1)"
     } >Packages
     rm -r package
     echo 'deb [trusted=yes] file:/opt/lab-apt ./' >/etc/apt/sources.list.d/lab.list`,
    { args: [plugin], input: control(platform.arch) },
  );
}

const control = (architecture: string) => `Package: docker-compose-v2
Version: ${compose.version}-lab
Architecture: ${architecture}
Maintainer: Container Registry Lab <lab@lab.test>
Description: fake for the package of other distributions, around the lab's own build
`;
