collect_timer=container-registry-collect.timer

# The stack file may ask for garbage collection no longer; its files are removed by then.
schedule_collection() {
  if [ -f "/etc/systemd/system/$collect_timer" ]; then
    run systemctl enable "$collect_timer"
    if action_pending unit; then run systemctl restart "$collect_timer"; else run systemctl start "$collect_timer"; fi
  else
    unschedule_collection
  fi
}

# Also stops a collection that runs. Without its file, systemctl does not disable a unit.
unschedule_collection() {
  rm -f "/etc/systemd/system/timers.target.wants/$collect_timer"
  systemctl stop "$collect_timer" "${collect_timer%.timer}.service" >/dev/null 2>&1 || :
}
