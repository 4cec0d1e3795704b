# Switches certs.d on in a containerd that does not use it: by a configuration fragment if that changes nothing else,
# otherwise by two labelled lines in the configuration file. containerd 1.x replaces all settings of a plugin by those of
# a fragment, so a fragment for the registry alone would remove the node's pause image and CNI settings.
# Ends each line of ours in a file that is not ours, as written by version 0.1.
line_label='# container-registry'

# The file that records how certs.d was switched on, so that the last bundle can undo it: `fragment PATH` or `lines PATH`,
# and the directory that was created for that file.
switched=$state/containerd-certs.d

switch_on_certs_directory() {
  [ "${switch_failed:-false}" = false ] || return 0
  say "containerd has no directory for registries yet: switching on $certs_directory, which takes one restart"
  cp "$stage/config" "$stage/config.before"
  try_fragment || try_lines ||
    fail "certs.d cannot be switched on in $config_name without changing more than that; set config_path = \"$certs_directory\" there, and restart containerd"
  restart_containerd || {
    switch_failed=true
    reason=$(cat "$stage/output")
    switch_back
    fail "containerd does not start with config_path in $(cut -d ' ' -f 2 "$stage/switched"): $reason; taken back"
  }
  cp "$stage/switched" "$switched"
}

# Writes a fragment if the configuration file itself imports a directory. The dump of containerd 2.2 names a directory
# even if the file imports none, but containerd then does not read that directory.
try_fragment() {
  pattern=$(sed -n '/^imports *=/,/]/p' "$config_name" 2>/dev/null | tr -d ' ' | tr "'" '"' | grep -o '/[^"]*/\*\.toml' | head -n 1)
  [ -n "$pattern" ] || return 1
  fragment=${pattern%/*}/container-registry.toml
  new_directory=$(need_directory "${fragment%/*}")
  printf 'fragment %s %s\n' "$fragment" "$new_directory" >"$stage/switched"
  [ ! -e "$fragment" ] || return 1
  fragment_text >"$fragment" && chmod 0644 "$fragment"
  changes_config_path_alone || {
    undo_switch
    return 1
  }
}

try_lines() {
  config_real=$(readlink -f "$config_name" || printf '%s' "$config_name")
  new_directory=$(need_directory "${config_real%/*}")
  [ -f "$config_real" ] || (umask 022 && : >"$config_real")
  printf 'lines %s %s\n' "$config_real" "$new_directory" >"$stage/switched"
  cp -p "$config_real" "$config_real$new" && with_lines "$config_real" >"$config_real$new" && mv -f "$config_real$new" "$config_real"
  changes_config_path_alone || {
    undo_switch
    return 1
  }
}

# Creates a missing directory and prints its path. Prints nothing if the directory exists.
need_directory() { [ -d "$1" ] || { (umask 022 && mkdir -p "$1") && printf '%s' "$1"; }; }

# Whether config_path is the only change. containerd itself prints its new configuration before it is restarted.
changes_config_path_alone() {
  config_dump && [ "$(config_path)" = "$certs_directory" ] &&
    [ "$(rest_of "$stage/config.before")" = "$(rest_of "$stage/config")" ]
}

rest_of() { grep -v -e '^imports = ' -e '^ *config_path = ' "$1"; }

fragment_text() {
  printf '%s: switches on %s\nversion = %s\n\n[%s]\nconfig_path = "%s"\n' \
    "$line_label" "$certs_directory" "$(config_version)" "$(registry_table "$(config_version)")" "$certs_directory"
}

config_version() { sed -n 's/^version = //p' "$stage/config.before"; }

registry_table() {
  case "$1" in
  3) printf "plugins.'io.containerd.cri.v1.images'.registry" ;;
  2) printf 'plugins."io.containerd.grpc.v1.cri".registry' ;;
  *) printf 'plugins.cri.registry' ;;
  esac
}

# Prints the configuration file with config_path in its registry table. A missing table is added at the end.
with_lines() {
  version=$(sed -n 's/^version *= *\([0-9]*\).*/\1/p' "$1" | head -n 1)
  [ -s "$1" ] || { version=2 && printf 'version = 2 %s\n' "$line_label"; }
  awk -v wanted="$(registry_table "$version" | tr -d "\"'")" -v header="[$(registry_table "$version")]" -v label="$line_label" \
    -v line="config_path = \"$certs_directory\"" "$awk_containerd_add_lines" "$1"
  # If the last line had no newline, this label makes the removal delete the newline that it has now.
  [ ! -s "$1" ] || [ -z "$(tail -c 1 "$1")" ] || printf '%s: no newline before\n' "$line_label"
}

without_lines() { awk -v label="$line_label" "$awk_containerd_remove_lines" "$1"; }

undo_switch() {
  read -r switch_kind switch_file new_directory <"$stage/switched"
  case "$switch_kind" in
  fragment) rm -f "$switch_file" ;;
  lines)
    cp -p "$switch_file" "$switch_file$new" && without_lines "$switch_file" >"$switch_file$new"
    if [ -s "$switch_file$new" ]; then mv -f "$switch_file$new" "$switch_file"; else rm -f "$switch_file" "$switch_file$new"; fi
    ;;
  esac
  [ -z "$new_directory" ] || rmdir "$new_directory" 2>/dev/null || :
}

# Undoes only what this run switched on.
switch_back() {
  [ -f "$stage/switched" ] || return 0
  undo_switch
  rm -f "$stage/switched" "$switched"
  restart_containerd || say "containerd does not start; see its log: journalctl -u containerd"
}

# Restores containerd's configuration when certs.d is empty. containerd is not restarted, since an empty directory has no
# effect.
switch_off_unused() {
  [ -f "$switched" ] || return 0
  certs_directory=/etc/containerd/certs.d
  if find "$certs_directory" ! -type d 2>/dev/null | grep -q .; then
    say "leaving $certs_directory switched on: others have registries there"
    return 0
  fi
  cp "$switched" "$stage/switched"
  undo_switch
  rm -f "$switched"
}

restart_containerd() {
  has systemctl && systemctl restart containerd >"$stage/output" 2>&1 || {
    [ -s "$stage/output" ] || printf 'there is no systemctl to restart it with' >"$stage/output"
    return 1
  }
}
