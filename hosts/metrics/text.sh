# The metrics of a registry's machine, in Prometheus' text format. What cannot be read is left out, and an alarm is about missing metrics.
set -u
export LC_ALL=C TZ=UTC

# gauge NAME HELP: prints the head of a metric, then its samples, which are the lines "VALUE" or "LABELS VALUE" of standard
# input. Prints nothing if there are none.
gauge() {
  awk -v metric="container_registry_$1" -v help="$2" '
    NF { if (!count++) printf "# HELP %s %s\n# TYPE %s gauge\n", metric, help, metric; print metric (NF > 1 ? "{" $1 "} " : " ") $NF }'
}

# Prints when a file was written, in seconds since 1970.
written() { stat -c %Y "$1" 2>/dev/null; }
