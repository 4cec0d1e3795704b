# Whether the runtime reads the trust directory. Only containerd can be configured not to.
runtime_reads_trust() {
  [ "$runtime" = containerd ] || return 0
  [ -f "$root/etc/containerd/config.toml" ] || return 0
  containerd_config | awk -v directory="$trust" -f "$program/containerd.awk" >"$scratch/containerd"
  read -r switched why <"$scratch/containerd"
  [ "$switched" = on ] ||
    because "containerd on this node reads no $trust: $why; switch it on there and restart containerd once, or list the machine in nodes, which does that"
}

# Prints config.toml and then the files below /etc/containerd that it imports. Later settings override earlier ones.
containerd_config() {
  cat "$root/etc/containerd/config.toml"
  # shellcheck disable=SC2020 # each of these characters becomes a line break
  awk '/^[ \t]*imports[ \t]*=/ { open = 1 } open { gsub(/#.*/, ""); print } open && /]/ { exit }' "$root/etc/containerd/config.toml" |
    tr ',[]"'"'" '\n\n\n\n\n' | grep '^/etc/containerd/' | while read -r pattern; do
    # shellcheck disable=SC2086 # a pattern, as in /etc/containerd/conf.d/*.toml
    for file in $root$pattern; do
      [ ! -f "$file" ] || {
        echo
        cat "$file"
      }
    done
  done
}
