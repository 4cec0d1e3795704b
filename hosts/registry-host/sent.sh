# was_sent FILE: whether the file was sent to this host. Sent files are in a folder that only the connection's user may
# write to. A folder with another owner or mode is not read, since a link in it could make root read any file. If this
# host is the machine that runs Pulumi, nothing is sent and files are read at their own paths.
was_sent() { { [ -z "$sending_folder" ] || is_private_folder; } && [ -f "$1" ]; }

is_private_folder() { [ "$(stat -c '%F %a %u' "$sending_folder" 2>/dev/null)" = "directory 700 ${SUDO_UID:-0}" ]; }

# Deletes a sent file or folder after its content was stored elsewhere.
drop_sent() { [ -z "$sending_folder" ] || ! is_private_folder || rm -rf "$1"; }

drop_sending_folder() { [ -z "$sending_folder" ] || rmdir "$sending_folder" 2>/dev/null || :; }

has_sha256() { [ -f "$1" ] && [ "$(sha256sum <"$1" | cut -d ' ' -f 1)" = "$2" ]; }
