# What a test's pods run, there being no registry to pull anything from: busybox' shell and tools, and curl. Its `sleep`
# also holds each pod's network.
ARG BASE
FROM $BASE AS parts
RUN apt-get update \
 && apt-get install -y --no-install-recommends busybox-static ca-certificates curl \
 && rm -rf /var/lib/apt/lists/*
RUN mkdir -p /pod/bin /pod/sbin /pod/usr/bin /pod/usr/sbin /pod/etc/ssl/certs /pod/lib64 /pod/root /pod/tmp \
 && cp /bin/busybox /pod/bin/ \
 && chroot /pod /bin/busybox --install -s \
 && ldd /usr/bin/curl | grep -o '/[^ ]*' | xargs -I '{}' cp --parents --dereference '{}' /pod \
 && rm -f /pod/usr/bin/curl && cp /usr/bin/curl /pod/usr/bin/ \
 && cp /etc/ssl/certs/ca-certificates.crt /pod/etc/ssl/certs/ \
 && echo 'root:x:0:0:root:/root:/bin/sh' >/pod/etc/passwd \
 && echo 'root:x:0:' >/pod/etc/group \
 && echo 'hosts: files dns' >/pod/etc/nsswitch.conf \
 && chmod 1777 /pod/tmp

FROM scratch AS pod
COPY --from=parts /pod/ /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
CMD ["sleep", "2147483647"]
