#!/bin/sh
# Asks that another tag of an app runs: pushes a branch with the app's file to the repository that says what runs, which has
# env.cue (docs/pipelines.md), and opens a change request for it. Copy it beside your Jenkinsfile. Needs git and curl, and:
#
#   APP, TAG                   the app, and the tag that its file names from then on
#   CONFIG_REPOSITORY          the repository's HTTPS URL, as in https://github.com/example/config.git
#   CONFIG_API                 its API, where the request is opened: https://api.github.com/repos/example/config with GitHub,
#                              https://git.example.org/api/v1/repos/example/config with Gitea and Forgejo.
#                              Empty with GitLab, which opens merge requests as it is pushed to
#   CONFIG_USER, CONFIG_TOKEN  who may push branches and open requests there
set -eu

# They become parts of a file's name, of CUE and of JSON.
case "${APP:?}${TAG:?}" in
*[!A-Za-z0-9._-]*)
  echo "APP and TAG consist of letters, digits, dots, dashes and underscores: $APP, $TAG" >&2
  exit 1
  ;;
esac

# The token is in no argument, which every process list shows, and in no file.
# shellcheck disable=SC2016 # The shell that git starts replaces these variables.
helper='!f() { printf "username=%s\npassword=%s\n" "$CONFIG_USER" "$CONFIG_TOKEN"; }; f'
export CONFIG_USER CONFIG_TOKEN GIT_TERMINAL_PROMPT=0
config_git() {
  git -c credential.helper= -c credential.helper="$helper" "$@"
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 143' TERM INT HUP
config_git clone --quiet --depth 1 "$CONFIG_REPOSITORY" "$folder/config"
cd "$folder/config"
base=$(git symbolic-ref --short HEAD)
title="$APP: $TAG"

printf 'package env\n\ntags: "%s": "%s"\n' "$APP" "$TAG" >"$APP.cue"
git add "$APP.cue"
if git diff --cached --quiet; then
  echo "$APP has the tag $TAG already"
  exit 0
fi
git -c user.name="$CONFIG_USER" -c user.email="$CONFIG_USER@localhost" commit --quiet --message "$title"

# A build that runs again replaces its branch.
branch="image-$APP-$TAG"
if [ -z "${CONFIG_API-}" ]; then
  config_git push --quiet --force --push-option=merge_request.create \
    --push-option="merge_request.target=$base" --push-option="merge_request.title=$title" origin "HEAD:refs/heads/$branch"
  exit 0
fi
config_git push --quiet --force origin "HEAD:refs/heads/$branch"
status=$(printf 'Authorization: Bearer %s\n' "$CONFIG_TOKEN" | curl --silent --show-error --header @- \
  --header 'Content-Type: application/json' --data "{\"title\":\"$title\",\"head\":\"$branch\",\"base\":\"$base\"}" \
  --output "$folder/answer" --write-out '%{http_code}' "$CONFIG_API/pulls")
case "$status" in
201) echo "a change request is open: $title" ;;
409 | 422) grep 'already exists' "$folder/answer" ;;
*) false ;;
esac || {
  echo "$CONFIG_API/pulls answers $status: $(cat "$folder/answer")" >&2
  exit 1
}
