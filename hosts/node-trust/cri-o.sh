# CRI-O: a CA is read on every pull; registries.conf.d when it gets SIGHUP.
require_runtime() {
  has crio || [ -d /etc/crio ] || unit_exists crio || fail "CRI-O is not installed here; install it, or correct the node's runtime"
  require_directory /etc/containers/certs.d
  require_directory /etc/containers/registries.conf.d
}

activate() { ! pending reload || reload_crio; }

# Of a first apply that failed: the files are as they were before.
withdraw() { ! first_apply_failed || remove_data; }

remove_data() { ! pending reload || reload_crio; }

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
