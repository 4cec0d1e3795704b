# containerd reads hosts.toml on every pull, below the config_path that the running daemon has.
hook_find_host_paths() {
  find_containerd
  require_cri
  require_no_old_registries
  certs_directory=$(config_path | cut -d : -f 1)
  [ -n "$certs_directory" ] || switch_on=true
  host_path certs.d "${certs_directory:=/etc/containerd/certs.d}"
}

require_runtime() { require_directory "$certs_directory"; }

# Finds containerd's program and configuration file in its systemd unit. If there is no unit, reads them from the
# running process.
find_containerd() {
  switch_on=false
  containerd=containerd
  config_file=
  flag=
  for word in $(containerd_command); do
    case "$flag" in -c | -config | --config) config_file=$word ;; esac
    case "$word" in -c=* | -config=* | --config=*) config_file=${word#*=} ;; */containerd) containerd=$word ;; esac
    flag=$word
  done
  has "$containerd" || fail "containerd is not installed here; install it, or correct the node's runtime"
  config_dump || fail "containerd cannot read its own configuration ($config_name): $(tail -n 2 "$stage/answer")"
}

containerd_command() {
  if unit_exists containerd; then
    systemctl show -p ExecStart containerd.service | sed -n 's/.*argv\[\]=\([^;]*\);.*/\1/p' | tail -n 1
  elif pid=$(pidof containerd); then
    tr '\0' ' ' <"/proc/${pid%% *}/cmdline"
  fi
}

# Writes the configuration that containerd would use if it started now: defaults, file and imports together.
config_dump() {
  config_name=${config_file:-/etc/containerd/config.toml}
  if [ -e "$config_name" ]; then
    "$containerd" --config "$config_name" config dump >"$stage/config" 2>"$stage/answer"
  else
    "$containerd" config default >"$stage/config" 2>"$stage/answer"
  fi
}

require_cri() {
  ! grep -qE "^disabled_plugins = .*([\"'.]cri|\.cri\.v1\.[a-z]+)[\"']" "$stage/config" ||
    fail "$config_name disables containerd's CRI plugin, so no kubelet pulls through it; with cri-dockerd, the node's runtime is docker"
}

# Fails if containerd has registries in the old format. Together with config_path they stop its CRI plugin, and then the
# node runs no pods.
require_no_old_registries() {
  tables=$(registry_tables | grep -E '^(mirrors\.|configs\..*\.tls$)' | cut -d . -f 1 | sort -u | paste -s -d ' ' -)
  [ -z "$tables" ] ||
    fail "containerd has registries in the old format, registry.$tables, in $config_name; it runs no pods with them beside certs.d: move each to /etc/containerd/certs.d/HOST/hosts.toml, set config_path, and restart containerd"
}

# The tables below the CRI plugin's registry, as the dump names them in configuration versions 2 and 3.
registry_tables() {
  sed -n "s/^ *\[\(.*\)\] *\$/\1/p" "$stage/config" | tr -d "\"'" |
    sed -n 's/^plugins\.io\.containerd\.\(grpc\.v1\.cri\|cri\.v1\.images\)\.registry\.//p'
}

# The value of a key in a table of the dump: value TABLE KEY
value() {
  awk -v table="$1" -v key="$2" '
    /^ *\[/ { name = $0; gsub(/[] "\047[]/, "", name); inside = (name ~ "^(" table ")$"); next }
    inside && $1 == key && $2 == "=" { sub(/^[^=]*= */, ""); gsub(/^["\047]|["\047] *$/, ""); print; exit }
  ' "$stage/config"
}

config_path() { value 'plugins[.]io[.]containerd[.](grpc[.]v1[.]cri|cri[.]v1[.]images)[.]registry' config_path; }

hook_activate() {
  [ "$switch_on" = false ] || switch_on_certs_directory
  switch_on=false
}

hook_abort() { switch_back; }

hook_deactivate() { switch_off_unused; }

require_puller() { require_crictl crictl; }

pull_probe() { pull_by crictl --runtime-endpoint "unix://$(value grpc address)"; }
