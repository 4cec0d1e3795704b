# Starts the timers whose unit files are there, and stops those that an earlier apply started. Call it after
# `systemctl daemon-reload`.
activate_timers() {
  for timer in $timers; do
    if [ -f "/etc/systemd/system/$timer" ]; then
      run systemctl enable "$timer"
      if action_pending unit; then run systemctl restart "$timer"; else run systemctl start "$timer"; fi
    else
      stop_timer
    fi
  done
}

stop_timers() { for timer in $timers; do stop_timer; done; }

# The unit file may be gone already, and systemctl does not disable a unit without one.
stop_timer() {
  rm -f "/etc/systemd/system/timers.target.wants/$timer"
  systemctl stop "$timer" >/dev/null 2>&1 || :
  # A backup that runs comes to its end; a collection would go on without the proxy.
  case "$timer" in
  container-registry-collect.timer) systemctl stop container-registry-collect.service >/dev/null 2>&1 || : ;;
  container-registry-metrics.timer)
    systemctl stop container-registry-metrics.service >/dev/null 2>&1 || :
    rm -f "$metrics_file" "$metrics_file.new"
    ;;
  container-registry-notify.timer) rm -rf "$state/told" ;;
  esac
}
