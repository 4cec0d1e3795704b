# Prints containerd's config.toml without the changes of containerd-add-lines.awk.
$0 == label ": no newline before" { bare = 1; next }
length($0) > length(label) && substr($0, length($0) - length(label)) == " " label { next }
index($0, label " had: ") == 1 { $0 = substr($0, length(label " had: ") + 1) }
{ printf "%s%s", (any ? "\n" : ""), $0; any = 1 }
END { if (any && !bare) print "" }
