# The state of the registry's units and timers, as systemd names its properties.
read_systemd() {
  # shellcheck disable=SC2086 # a list of units
  shown=$(within systemctl show --property=Id,LoadState,ActiveState,SubState,Result,UnitFileState,ExecMainStatus,ExecMainExitTimestamp,NextElapseUSecRealtime,LastTriggerUSec $units 2>&1) || {
    problem systemd "$shown"
    return
  }
  printf ',"units":[%s]' "$(printf '%s\n' "$shown" | awk '
    function end() { if (text != "") print "{" text "}"; text = "" }
    $0 == "" { end() }
    {
      at = index($0, "=")
      if (at == 0) next
      value = substr($0, at + 1)
      gsub(/[\\"\001-\037]/, "", value)
      text = text (text == "" ? "" : ",") "\"" substr($0, 1, at - 1) "\":\"" value "\""
    }
    END { end() }' | listed)"
}
