#!/bin/sh
set -e
for name in REGISTRY_URL REGISTRY_TITLE PULL_URL SINGLE_REGISTRY SHOW_CONTENT_DIGEST ENABLE_VERSION_NOTIFICATION; do
  eval "value=\${$name-}"
  sed -i "s~\${$name}~$value~" index.html
done
case "$DELETE_IMAGES" in '' | false) DELETE_IMAGES=false ;; *) DELETE_IMAGES=true ;; esac
sed -i "s/\${DELETE_IMAGES}/$DELETE_IMAGES/" index.html
if [ "$(whoami)" != root ] && [ "$NGINX_LISTEN_PORT" = 80 ]; then NGINX_LISTEN_PORT=8080; fi
exec httpd -f -p "$NGINX_LISTEN_PORT" -h /usr/share/nginx/html
