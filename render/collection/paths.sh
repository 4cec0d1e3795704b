# Collects garbage while clients push and pull: moves blobs that no manifest references into a trash, from which they can
# be put back. The lines before this text set $storage, $writes_socket and $grace_days.
set -eu
export LC_ALL=C
blobs=$storage/docker/registry/v2/blobs/sha256
repositories=$storage/docker/registry/v2/repositories
collection=$storage/collection
trash=$collection/trash
hold=$collection/hold

# How many blobs one hold moves. Writes wait during a hold, so it has to be short.
batch=500

# How long one hold lasts at most, in seconds. It ends by itself, even if this machine loses power.
hold_seconds=3
