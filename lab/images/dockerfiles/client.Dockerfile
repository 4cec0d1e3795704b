# What people push and pull with.
ARG BASE
FROM $BASE AS client
RUN apt-get update \
 && apt-get install -y --no-install-recommends skopeo \
 && rm -rf /var/lib/apt/lists/*
COPY crane /usr/local/bin/crane
