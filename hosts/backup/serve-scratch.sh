# The second container of a pod that verifies a backup: serves what the first one has restored, as soon as that has written the
# configuration, and until it has ended. The first one holds a lock, which the kernel releases also when it is killed.
folder=/run/scratch-registry
ended() { [ -e "$folder/started" ] && flock -n "$folder/running" true; }
until [ -e "$folder/config.yml" ] || ended; do sleep 1; done
[ -e "$folder/config.yml" ] || exit 0
registry serve "$folder/config.yml" &
until ended; do sleep 1; done
kill $!
