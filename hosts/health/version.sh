# The version of the registry in whose container this runs.
read_version() { printf ',"version":%s' "$(registry --version 2>/dev/null | version_word | json_text)"; }
