# Prints containerd's config.toml with config_path in the registry table. A missing table is added at the end. Added lines
# end in `label`. A config_path that was there becomes a comment, from which the removal restores it.
{ text = $0; sub(/ *#.*/, "", text); gsub(/[ \t"\047]/, "", text) }
text == "[" wanted "]" { print; print line " " label; inside = found = 1; next }
text ~ /^\[/ { inside = 0 }
inside && text ~ /^config_path=/ { print label " had: " $0; next }
{ print }
END { if (!found) { print header " " label; print line " " label } }
