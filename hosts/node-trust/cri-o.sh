# CRI-O reads a CA on every pull, and registries.conf.d when it receives SIGHUP.
require_runtime() {
  has crio || [ -d /etc/crio ] || unit_exists crio || fail "CRI-O is not installed here; install it, or correct the node's runtime"
  require_directory /etc/containers/certs.d
  require_directory /etc/containers/registries.conf.d
}

hook_activate() { ! action_pending reload || reload_crio; }

hook_abort() { hook_deactivate; }

hook_deactivate() { ! action_pending reload || reload_crio; }

reload_crio() {
  if [ -n "$(running_unit crio)" ]; then
    run systemctl reload crio
  elif pid=$(pidof crio); then
    run kill -HUP "$pid"
  else
    say "CRI-O does not run: it reads its registries when it starts"
  fi
}

require_puller() { require_crictl crictl; }

pull_probe() { pull_by crictl --runtime-endpoint unix:///run/crio/crio.sock; }
