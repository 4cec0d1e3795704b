# Fakes for the official images: same paths, entrypoint, command, volume, user, environment and shell.
# busybox is Debian's where theirs is Alpine's.
# @see https://github.com/docker-library/repo-info registry:3.1.1, caddy:2.11.4
ARG BASE
FROM $BASE AS parts
RUN apt-get update \
 && apt-get install -y --no-install-recommends busybox-static ca-certificates libcap2-bin \
 && apt-get download docker-registry \
 && dpkg --extract docker-registry_*.deb /docker-registry \
 && rm -rf /var/lib/apt/lists/* docker-registry_*.deb
RUN mkdir -p /userland/bin /userland/sbin /userland/usr/bin /userland/usr/sbin /userland/etc/ssl/certs /userland/root /userland/tmp \
 && cp /bin/busybox /userland/bin/ \
 && chroot /userland /bin/busybox --install -s \
 && cp /etc/ssl/certs/ca-certificates.crt /userland/etc/ssl/certs/ \
 && echo 'root:x:0:0:root:/root:/bin/sh' >/userland/etc/passwd \
 && echo 'root:x:0:' >/userland/etc/group \
 && echo 'hosts: files dns' >/userland/etc/nsswitch.conf \
 && chmod 1777 /userland/tmp
# Alpine's busybox has flock, Debian's has not. It links glibc, as does Debian's docker-registry.
RUN cp /usr/bin/flock /userland/usr/bin/ \
 && ldd /usr/bin/flock | grep -o '/[^ ]*' | xargs -I '{}' cp --parents --dereference '{}' /userland \
 && mkdir -p /registry-v2/bin \
 && cp /docker-registry/usr/bin/docker-registry /registry-v2/bin/registry

FROM scratch AS userland
COPY --from=parts /userland/ /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

FROM userland AS registry
COPY registry /bin/registry
COPY registry-config.yml /etc/distribution/config.yml
COPY registry-entrypoint.sh /entrypoint.sh
ENV OTEL_TRACES_EXPORTER=none
VOLUME /var/lib/registry
EXPOSE 5000
ENTRYPOINT ["/entrypoint.sh"]
CMD ["/etc/distribution/config.yml"]

# registry:2, as wiki pages start it: here Debian's own build of distribution 2.8.
FROM userland AS registry-v2
COPY --from=parts /registry-v2/ /
COPY registry-config.yml /etc/docker/registry/config.yml
COPY registry-entrypoint.sh /entrypoint.sh
VOLUME /var/lib/registry
EXPOSE 5000
ENTRYPOINT ["/entrypoint.sh"]
CMD ["/etc/docker/registry/config.yml"]

# Files only: `COPY --from` loses the capability, so the lab imports this folder as the proxy's image.
FROM parts AS proxy-files
RUN cp --archive /userland /proxy && mkdir -p /proxy/etc/caddy /proxy/config/caddy /proxy/data/caddy /proxy/srv \
 && chmod 1777 /proxy/config/caddy /proxy/data/caddy
COPY Caddyfile /proxy/etc/caddy/Caddyfile
COPY caddy /proxy/usr/bin/caddy
RUN setcap cap_net_bind_service=+ep /proxy/usr/bin/caddy
