# Fake for the official image restic/restic, with the userland of the lab's registry image where theirs is Alpine's. It has no
# SSH client.
ARG BASE
FROM $BASE AS restic
COPY restic /usr/bin/restic
ENTRYPOINT ["/usr/bin/restic"]
