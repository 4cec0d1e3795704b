# A Maven repository as small as they come: nginx with WebDAV's PUT.
ARG BASE
FROM $BASE AS maven-repository
RUN apt-get update \
 && apt-get install -y --no-install-recommends nginx \
 && rm -rf /var/lib/apt/lists/* \
 && mkdir -p /srv/maven \
 && chown www-data: /srv/maven
COPY maven-repository.conf /etc/nginx/nginx.conf
EXPOSE 443
CMD ["nginx", "-g", "daemon off;"]
