# What a wiki page of some years ago asks for before it goes on: Docker, and Debian's Caddy as a service.
ARG BASE
FROM $BASE AS wiki
RUN apt-get update \
 && apt-get install -y --no-install-recommends caddy apache2-utils \
 && rm -rf /var/lib/apt/lists/* \
 && systemctl disable caddy.service
