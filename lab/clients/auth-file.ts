/**
 * Shell lines that turn a name and a password on stdin into the file that skopeo and crane read, `$auth/config.json`.
 * Both could log in with it, but crane's login asks nobody, and a wrong password has to reach the registry.
 */
export const authFile = `
  auth="$(mktemp -d)"
  if read -r name && IFS= read -r password; then
    umask 077
    printf '{"auths":{"%s":{"auth":"%s"}}}' "\${1%%/*}" "$(printf '%s:%s' "$name" "$password" | base64 --wrap 0)" >"$auth/config.json"
  else
    echo '{}' >"$auth/config.json"
  fi`;
