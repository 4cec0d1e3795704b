/**
 * Shell lines that turn a name and a password on stdin into the file that skopeo and crane read, `$auth/config.json`.
 * `crane auth login` is not used: it does not contact the registry, which has to reject a wrong password.
 */
export const authFile = `
  auth="$(mktemp -d)"
  if read -r name && IFS= read -r password; then
    umask 077
    printf '{"auths":{"%s":{"auth":"%s"}}}' "\${1%%/*}" "$(printf '%s:%s' "$name" "$password" | base64 --wrap 0)" >"$auth/config.json"
  else
    echo '{}' >"$auth/config.json"
  fi`;
