# Files that were sent here lie in a folder that only the login may write to. A folder that is somebody else's, or open
# to others, is not read at all: a link or a pipe in it could lead root anywhere. Files of the machine that Pulumi runs on
# are read where the operator has them.
was_sent() { { [ -z "$sending_folder" ] || is_private_folder; } && [ -f "$1" ]; }

is_private_folder() { [ "$(stat -c '%F %a %u' "$sending_folder" 2>/dev/null)" = "directory 700 ${SUDO_UID:-0}" ]; }

# Once its content is kept elsewhere.
drop_sent() { [ -z "$sending_folder" ] || ! is_private_folder || rm -rf "$1"; }

drop_sending_folder() { [ -z "$sending_folder" ] || rmdir "$sending_folder" 2>/dev/null || :; }

has_sha256() { [ -f "$1" ] && [ "$(sha256sum <"$1" | cut -d ' ' -f 1)" = "$2" ]; }
