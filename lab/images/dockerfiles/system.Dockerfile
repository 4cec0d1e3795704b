# What the cluster's own pods run: its DNS server and its ingress controller.
ARG BASE
FROM $BASE AS system
COPY coredns traefik /usr/local/bin/
