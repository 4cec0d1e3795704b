# microk8s: its containerd reads args/certs.d on every pull, from version 1.23 on.
microk8s_arguments=/var/snap/microk8s/current/args

require_runtime() {
  [ -d "$microk8s_arguments" ] || fail "microk8s is not installed here ($microk8s_arguments is missing); install it, or correct the node's runtime"
  template=$microk8s_arguments/containerd-template.toml
  [ ! -f "$template" ] || grep -q config_path "$template" ||
    fail "this microk8s keeps its registries in $template, as before version 1.23; refresh it: snap refresh microk8s --channel=latest/stable"
  require_directory "$microk8s_arguments/certs.d"
}

require_puller() { require_crictl crictl; }

pull_probe() { pull_by crictl --runtime-endpoint unix:///var/snap/microk8s/common/run/containerd.sock; }
