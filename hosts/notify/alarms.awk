# Reads metrics, and prints "ID TAB TEXT" for each thing that is wrong or ends soon. `now` is the time in seconds since 1970, and
# the variables that begin with `limit_` are those of notify-program.ts.
/^container_registry_/ {
  name = substr($1, 20)
  label = ""
  if (match(name, /\{.*\}/)) {
    label = substr(name, RSTART, RLENGTH)
    sub(/^[^"]*"/, "", label)
    sub(/".*/, "", label)
    name = substr(name, 1, RSTART - 1)
  }
  value[name, label] = $2
  labels[name] = labels[name] " " label
}

END {
  if (value["serving", ""] == "0")
    alarm("not-serving", "the registry does not answer on its own host: nodes pull nothing new, and pipelines cannot push; npm run -s registry -- doctor")
  count = split(labels["container_up"], each, " ")
  for (i = 1; i <= count; i++) if (value["container_up", each[i]] == 0)
    alarm("container-" each[i], "the container " each[i] " does not run; sudo systemctl restart container-registry")
  if (("disk_used_bytes", "") in value && value["disk_free_bytes", ""] < limit_disk * (value["disk_used_bytes", ""] + value["disk_free_bytes", ""]))
    alarm("disk-full", sprintf("the disk of the images has %d MiB left, and pushes fail when it is full; npm run -s registry -- usage", value["disk_free_bytes", ""] / 1048576))
  if (("disk_inodes", "") in value && value["disk_free_inodes", ""] < limit_inodes * value["disk_inodes", ""])
    alarm("inodes", "the file system of the images has hardly any inodes left, and pushes fail without; npm run -s registry -- usage")
  if (value["disk_read_only", ""] == 1)
    alarm("read-only", "the folder of the images cannot be written, so pushes fail; sudo dmesg says whether the disk is broken")
  if (("certificate_expiry_timestamp_seconds", "") in value && renewal_is_late())
    alarm("certificate", "the certificate ends in " days(value["certificate_expiry_timestamp_seconds", ""]) " days and was not renewed; npm run -s registry -- renew")
  count = split(labels["account_expiry_timestamp_seconds"], each, " ")
  for (i = 1; i <= count; i++) if (days(value["account_expiry_timestamp_seconds", each[i]]) < limit_account_days)
    alarm("account-" each[i], "the account " each[i] " stops working in " days(value["account_expiry_timestamp_seconds", each[i]]) " days; set accounts[].expires to a later day, then pulumi up")
  count = split(labels["rotation_due_timestamp_seconds"], each, " ")
  for (i = 1; i <= count; i++) if (value["rotation_due_timestamp_seconds", each[i]] < now)
    alarm("password-" each[i], "the password of " each[i] " is older than rotateEvery; npm run -s registry -- rotate --account " each[i])
  late("backup", "the last backup", "npm run -s registry -- backup")
  late("verification", "the last verification of a backup", "npm run -s registry -- backup verify")
  late("collection", "the last collection of garbage", "npm run -s registry -- collect")
  if (value["verification_problems", ""] > 0)
    alarm("damaged", "the last verification found " value["verification_problems", ""] " problems in the images or their backup; npm run -s registry -- backup verify")
  count = split(labels["unit_failed"], each, " ")
  for (i = 1; i <= count; i++) if (value["unit_failed", each[i]] == 1)
    alarm("unit-" each[i], "the last run of " each[i] " failed; sudo journalctl --unit " each[i] " --since -2days")
}

function days(at) { return int((at - now) / 86400) }

function alarm(id, text) { print id "\t" text }

function renewal_is_late(   limit) {
  limit = limit_certificate_days * 86400
  if (limit > limit_certificate_life * value["certificate_lifetime_seconds", ""]) limit = limit_certificate_life * value["certificate_lifetime_seconds", ""]
  return value["certificate_expiry_timestamp_seconds", ""] - now < limit
}

function late(task, what, mend) {
  if (!(("interval_seconds", task) in value) || !(("last_run_timestamp_seconds", task) in value)) return
  if (now - value["last_run_timestamp_seconds", task] > limit_run_intervals * value["interval_seconds", task] + limit_run_hours * 3600)
    alarm("late-" task, what " was " int((now - value["last_run_timestamp_seconds", task]) / 3600) " hours ago; " mend)
}
