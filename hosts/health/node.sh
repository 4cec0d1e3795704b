# Asks the registry from a node as its runtime does. It prints lines, and changes nothing.

# The addresses that the node's resolver gives for the registry's name.
printf 'resolves %s\n' "$(getent ahosts "$registry_name" | awk '!seen[$1]++ { printf "%s ", $1 }')"

# Lines of /etc/hosts that give the name another address than the stack does.
[ -z "$hosts_entry" ] || awk -v name="$registry_name" -v address="$hosts_entry" '
  /^[^#]/ && $1 != address { for (i = 2; i <= NF && $i !~ /^#/; i++) if (tolower($i) == name) { print "shadow /etc/hosts " $0; next } }
' /etc/hosts

# shellcheck disable=SC2086 # a list of units
for unit in $units; do
  printf 'unit %s %s %s\n' "$unit" "$(systemctl show -p LoadState --value "$unit" 2>/dev/null)" "$(systemctl is-active "$unit" 2>/dev/null)"
  ! grep -qxF "$(systemctl show -p MainPID,ExecMainStartTimestampMonotonic "$unit" 2>/dev/null | paste -s -d ' ' -)" "$home/restart-due" 2>/dev/null ||
    printf 'restart %s\n' "$unit"
done

# The path of the CA's file, from the manifest: `up` found the directory on the node.
ca=$(awk -v end="${ca_file#@*/}" '$1 ~ /^0/ && substr($2, length($2) - length(end) + 1) == end { print $2; exit }' "$home/manifest" 2>/dev/null)
if command -v curl >/dev/null 2>&1; then
  for url in $registry_urls; do
    code=$(curl -sS -o /dev/null -w '%{http_code}' --connect-timeout 4 --max-time 6 ${ca:+--cacert "$ca"} "$url/v2/" 2>"/dev/null")
    printf 'asked %s %s %s\n' "$url" "$?" "$code"
  done
fi

# pull COMMAND…: pulls the probe image through the runtime, and removes it.
pull() {
  if said=$(timeout 8 "$@" pull "$probe_image" 2>&1 </dev/null); then
    printf 'pulled\n'
    timeout 5 "$@" rmi "$probe_image" >/dev/null 2>&1 </dev/null
  else
    printf 'pull-failed %s\n' "$(printf '%s' "$said" | tail -n 1 | tr -d '\r' | cut -c1-400)"
  fi
}

if [ -n "$probe_image" ]; then
  case "$runtime" in
  docker) pull docker ;;
  k3s) pull k3s crictl ;;
  rke2) pull /var/lib/rancher/rke2/bin/crictl --runtime-endpoint unix:///run/k3s/containerd/containerd.sock ;;
  microk8s) pull crictl --runtime-endpoint unix:///var/snap/microk8s/common/run/containerd.sock ;;
  cri-o) pull crictl --runtime-endpoint unix:///run/crio/crio.sock ;;
  containerd) pull crictl --runtime-endpoint unix:///run/containerd/containerd.sock ;;
  esac
fi
