# Hooks of the bundle that installs a systemd unit, the endpoint sync, on kind's control plane.
hook_preflight() {
  [ -r /etc/kubernetes/admin.conf ] ||
    fail "there is no /etc/kubernetes/admin.conf, which kind's control plane has; see that variant.clusterName is a kind cluster"
  for program in kubectl getent awk; do
    command -v "$program" >/dev/null || fail "there is no $program, which kind's nodes have; see that variant.clusterName is a kind cluster"
  done
}

hook_activate() {
  ! action_pending restart || run systemctl daemon-reload
  run systemctl enable "$unit"
  if action_pending restart; then run systemctl restart "$unit"; else run systemctl start "$unit"; fi
}

hook_verify() { systemctl is-active --quiet "$unit" || fail "$unit does not run: $(journalctl --unit "$unit" --lines 3 --no-pager --output cat)"; }

hook_abort() { hook_stop; }
hook_stop() { systemctl disable --now "$unit" >/dev/null 2>&1 || :; }

hook_deactivate() { run systemctl daemon-reload; }
