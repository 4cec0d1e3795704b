# containerd's configuration in, `on` or `off WHY` out: whether the CRI plugin reads certs.d in `directory`.
# Its own settings are in a table that ends in .registry; the transfer service, which the kubelet does not use, has others.
{ sub(/\r$/, ""); sub(/^[ \t]+/, ""); sub(/[ \t]+$/, "") }
/^#/ || /^$/ { next }
/^\[/ {
  table = $0
  sub(/[ \t]*#.*$/, "", table)
  if (table ~ /\.registry\.(mirrors|configs)\../) legacy = table
  next
}
table == "" && /^version[ \t]*=/ { version = $0; gsub(/[^0-9]/, "", version) }
table ~ /\.registry]$/ && /^config_path[ \t]*=/ { path = value($0); given = 1 }
/^registry\.config_path[ \t]*=/ { path = value($0); given = 1 }
table ~ /\.registry\.(mirrors|configs)]$/ { legacy = table }

function value(line) {
  sub(/^[^=]*=[ \t]*/, "", line)
  return substr(line, 2, index(substr(line, 2), substr(line, 1, 1)) - 1)
}

END {
  if (path != "" && index(":" path ":", ":" directory ":")) print "on"
  else if (path != "") print "off its config_path is " path
  else if (legacy != "") print "off it has registries in the old way, under " legacy
  else if (given && version >= 3) print "off its config_path is empty"
  # 2.2 and later then read it by themselves; 2.0 and 2.1, out of support, do not.
  else if (version >= 3) print "on"
  else print "off it has no config_path, without which only containerd from 2.2 on reads it"
}
