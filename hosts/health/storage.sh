# The file system that holds the images, and what its record says of earlier days.
read_storage() {
  table=$(within df -P -k "$storage" 2>&1) || {
    problem storage "$table"
    return
  }
  printf ',"disk":{"path":%s,%s%s,"readOnly":%s,"records":[%s]}' "$(printf '%s\n' "$storage" | json_text)" \
    "$(printf '%s\n' "$table" | sizes)" "$(within df -P -i "$storage" 2>/dev/null | inodes)" \
    "$(if [ -w "$storage" ]; then echo false; else echo true; fi)" "$(disk_records | listed)"
  read_uploads
  printf ',"collection":%s' "$(stamped_file "$storage/collection/last")"
}

sizes() {
  awk 'NR > 1 && match($0, /[0-9]+ +[0-9]+ +-?[0-9]+ +[0-9]+%/) {
    split(substr($0, RSTART), field, / +/)
    printf "\"size\":%.0f,\"used\":%.0f,\"free\":%.0f", field[1] * 1024, field[2] * 1024, field[3] * 1024
    exit
  }'
}

# Some file systems have no fixed number of inodes, and some programs df no option for them.
inodes() {
  awk 'NR > 1 && match($0, /[1-9][0-9]* +[0-9]+ +[0-9]+ +[0-9]+%/) {
    split(substr($0, RSTART), field, / +/)
    printf ",\"inodes\":%s,\"freeInodes\":%s", field[1], field[3]
    exit
  }'
}

disk_records() {
  [ ! -f "$storage/collection/disk-use" ] ||
    awk '$1 ~ /^[0-9-]+T[0-9:]+Z$/ && $2 ~ /^[0-9]+$/ { printf "{\"at\":\"%s\",\"used\":%s}\n", $1, $2 }' "$storage/collection/disk-use"
}

# Uploads that have not ended: all of them, and those to which a client wrote within the last minutes.
read_uploads() {
  repositories=$storage/docker/registry/v2/repositories
  [ -d "$repositories" ] || {
    printf ',"uploads":{"open":0,"active":0}'
    return
  }
  if open=$(uploads -path '*/_uploads/*/startedat' -print) && active=$(uploads -path '*/_uploads/*' -mmin -3 -print); then
    printf ',"uploads":{"open":%s,"active":%s}' "$(printf '%s\n' "$open" | of_uploads)" "$(printf '%s\n' "$active" | of_uploads)"
  else
    problem uploads "$repositories cannot be read within s"
  fi
}

# A file that is deleted meanwhile is no failure, but a search that was killed is.
uploads() {
  within find "$repositories" \( -name _layers -o -name _manifests \) -prune -o "$@" 2>/dev/null || [ $? -lt 124 ]
}

of_uploads() { sed -n 's|\(.*/_uploads/[^/]*\).*|\1|p' | sort -u | awk 'END { print NR }'; }
