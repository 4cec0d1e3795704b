# Fake for the official traefik:v3.7: same paths, entrypoint, command, user and shell. busybox is Debian's where theirs
# is Alpine's, and Traefik is built without the SDKs of DNS providers.
# @see https://github.com/traefik/traefik-library-image v3.7/alpine/Dockerfile
ARG BASE
FROM $BASE AS userland

FROM scratch AS traefik
COPY --from=userland /bin/busybox /bin/busybox
RUN ["/bin/busybox", "mkdir", "-p", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/etc/ssl/certs"]
RUN ["/bin/busybox", "--install", "-s"]
COPY --from=userland /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
RUN echo 'root:x:0:0:root:/root:/bin/sh' >/etc/passwd && echo 'root:x:0:' >/etc/group \
 && echo 'hosts: files dns' >/etc/nsswitch.conf && mkdir -m 1777 /tmp
COPY traefik-entrypoint.sh /entrypoint.sh
COPY traefik /usr/local/bin/traefik
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
EXPOSE 80
ENTRYPOINT ["/entrypoint.sh"]
CMD ["traefik"]
