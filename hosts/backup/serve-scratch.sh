# The second container of a pod that verifies a backup: serves what the first one has restored, as soon as that has written the
# configuration, and until it has ended.
folder=/run/scratch-registry
until [ -e "$folder/config.yml" ] || [ -e "$folder/ended" ]; do sleep 1; done
[ ! -e "$folder/ended" ] || exit 0
registry serve "$folder/config.yml" &
until [ -e "$folder/ended" ]; do sleep 1; done
kill $!
