all_metrics() {
  disk_metrics
  container_metrics
  client_metrics
  task_metrics
  date +%s | gauge host_metrics_timestamp_seconds "When these metrics were written."
}

disk_metrics() {
  within df -P -k "$storage" 2>/dev/null >"$work/disk" || return 0
  awk 'NR > 1 { printf "%.0f\n", $2 * 1024 }' "$work/disk" | gauge disk_size_bytes "Size of the file system that holds the images."
  awk 'NR > 1 { printf "%.0f\n", $3 * 1024 }' "$work/disk" | gauge disk_used_bytes "Used space on the file system that holds the images."
  awk 'NR > 1 { printf "%.0f\n", $4 * 1024 }' "$work/disk" | gauge disk_free_bytes "Free space on the file system that holds the images."
  within df -P -i "$storage" 2>/dev/null | awk 'NR > 1 && $2 > 0 { print $2 }' | gauge disk_inodes "Inodes of the file system that holds the images."
  within df -P -i "$storage" 2>/dev/null | awk 'NR > 1 && $2 > 0 { print $4 }' | gauge disk_free_inodes "Free inodes of that file system."
  if [ -w "$storage" ]; then echo 0; else echo 1; fi | gauge disk_read_only "Whether the folder of the images cannot be written to."
}

container_metrics() {
  registry_containers -a >"$work/containers" 2>/dev/null || return 0
  for service in registry proxy; do
    id=$(sed -n "s/ $service\$//p" "$work/containers" | head -n 1)
    state=$([ -z "$id" ] || docker inspect --format '{{.State.Status}}' "$id" 2>/dev/null)
    [ "$state" = running ] && up=1 || up=0
    printf 'service="%s" %s\n' "$service" "$up"
  done | gauge container_up "Whether a container of the registry runs."
}

# What a client on this machine sees: whether the registry serves, and when its certificate ends, whoever issued it. curl prints
# that as in Nov 22 23:59:59 2027 GMT, which not every date reads.
client_metrics() {
  within curl -fsvk -o /dev/null --resolve "$registry_name:$registry_port:127.0.0.1" "$registry_url/healthz" >"$work/answer" 2>&1 &&
    serving=1 || serving=0
  echo "$serving" | gauge serving "Whether the registry answers a client on its own machine."
  end=$(certificate_time expire) && start=$(certificate_time start) || return 0
  echo "$end" | gauge certificate_expiry_timestamp_seconds "When the certificate ends that the registry shows."
  echo $((end - start)) | gauge certificate_lifetime_seconds "For how long it is valid altogether."
}

# certificate_time start|expire: in seconds since 1970.
certificate_time() {
  text=$(awk -v word="$1" '$2 == word && $3 == "date:" {
      month = index("JanFebMarAprMayJunJulAugSepOctNovDec", $4)
      if (month) { printf "%s-%02d-%02d %s\n", $7, (month + 2) / 3, $5, $6; exit }
    }' "$work/answer")
  [ -n "$text" ] && date -d "$text" +%s 2>/dev/null
}

# What runs on a schedule: when it was last done, how often it should be, and whether its last run failed.
task_metrics() {
  {
    done_at collection "$storage/collection/last" container-registry-collect
    done_at backup "$remembered/last-backup" container-registry-backup
    done_at verification "$remembered/last-verify" container-registry-backup-verify
  } | gauge last_run_timestamp_seconds "When a task was last done, or else when it was set up."
  for interval in $intervals; do printf 'task="%s" %s\n' "${interval%=*}" "${interval#*=}"; done |
    gauge interval_seconds "How much time the stack file has between two runs of a task."
  sed -n 's/.*"problems":\([0-9][0-9]*\).*/\1/p' "$remembered/last-verify" 2>/dev/null |
    gauge verification_problems "How many problems the last verification found in the backup."
  for unit in $units; do
    [ -f "/etc/systemd/system/$unit" ] || continue
    state=$(systemctl is-failed "$unit" 2>/dev/null)
    [ "$state" = failed ] && failed=1 || failed=0
    printf 'unit="%s" %s\n' "$unit" "$failed"
  done | gauge unit_failed "Whether the last run of a systemd unit failed."
}

# done_at TASK FILE UNIT: a task that never ran is as old as its timer.
done_at() {
  at=$(written "$2") || at=$(written "/etc/systemd/system/$3.timer") || return 0
  printf 'task="%s" %s\n' "$1" "$at"
}
