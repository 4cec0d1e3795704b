printf '{"clock":%s' "$(date +%s)"
for part in $parts; do "read_$part"; done
printf ',"problems":[%s]}\n' "$problems"
