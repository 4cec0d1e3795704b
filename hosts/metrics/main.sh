# Whole or not at all: whoever reads the file meanwhile gets the one before.
work=$(mktemp -d "${TMPDIR:-/run}/container-registry-metrics.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
all_metrics >"$work/metrics"
cp "$work/metrics" "$metrics_file.new" && chmod 0644 "$metrics_file.new" && mv "$metrics_file.new" "$metrics_file"
