# Fake for joxit/docker-registry-ui 2.6.0: same user, ports, folder, settings, and the same way into the page. busybox's
# httpd is where theirs is nginx, and the page shows its settings where theirs lists images.
# @see https://github.com/Joxit/docker-registry-ui Dockerfile, bin/90-docker-registry-ui.sh
ARG BASE
FROM $BASE AS userland

FROM scratch AS joxit
COPY --from=userland /bin/busybox /bin/busybox
RUN ["/bin/busybox", "mkdir", "-p", "/sbin", "/usr/bin", "/usr/sbin", "/etc"]
RUN ["/bin/busybox", "--install", "-s"]
RUN echo 'root:x:0:0:root:/root:/bin/sh' >/etc/passwd && echo 'nginx:x:101:101:nginx:/var/cache/nginx:/sbin/nologin' >>/etc/passwd \
 && echo 'root:x:0:' >/etc/group && echo 'nginx:x:101:' >>/etc/group && mkdir -m 1777 /tmp
WORKDIR /usr/share/nginx/html/
ENV NGINX_LISTEN_PORT=80 SHOW_CATALOG_NB_TAGS=false
COPY joxit/entrypoint.sh /docker-entrypoint.sh
COPY joxit/index.html /usr/share/nginx/html/
RUN chown -R nginx:nginx /usr/share/nginx/html
EXPOSE 80
# As process 1 it heeds no other.
STOPSIGNAL SIGKILL
ENTRYPOINT ["/docker-entrypoint.sh"]
