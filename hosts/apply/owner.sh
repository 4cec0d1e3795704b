# Reads the owner from standard input. Before a stack's first apply the owner's id is unknown. If the id were part of the
# command's text, Pulumi's preview would hide that whole text.
read_owner() {
  word=
  read -r word owner_id owner_stack application take_over_from || :
  [ "$word" = owner ] && [ -n "$application" ] ||
    fail "the owner on standard input is missing; nothing was touched, run pulumi up again"
  # A bundle that only one owner may have on a host has a folder by its name; otherwise each owner has one.
  [ "$owners" = one ] && home=$state/$bundle || home=$state/$bundle.$owner_id
}

came_from=

# After a failure, the folder that was taken over gets its former name again.
give_back_folder() {
  [ "$phase" = committed ] || [ -z "$came_from" ] || mv "$home" "$came_from"
}

# Takes over the folder that this bundle has under an owner in takeOverFrom, or a folder without an owner. Versions before
# 0.1 named such a folder after the entry label.
claim_home() {
  [ "$owners" = several ] && [ ! -d "$home" ] || return 0
  for id in $take_over_from; do adopt_folder "$state/$bundle.$id"; done
  [ -f "$state/$entry_label/owner" ] || adopt_folder "$state/$entry_label"
}

adopt_folder() {
  [ -d "$1" ] && [ ! -d "$home" ] || return 0
  must "$home" mv "$1" "$home"
  came_from=$1
}

refuse_other_owner() {
  ! is_others "$home" || takes_from "$home" ||
    fail "this machine's $bundle belongs to $(owner_of "$home"); nothing was touched. Give this stack another machine; or, where the other stack's state is lost or this stack is to replace it, list that owner in takeOverFrom in the stack file"
}

# is_others FOLDER: whether the folder belongs to another owner.
is_others() {
  [ -f "$1/owner" ] || return 1
  read -r its_id _ <"$1/owner"
  [ "$its_id" != "$owner_id" ]
}

# takes_from FOLDER: whether this stack may take over the folder: the owner is in takeOverFrom, or there is no owner.
takes_from() {
  [ -f "$1/owner" ] || return 0
  read -r its_id _ <"$1/owner"
  case " $take_over_from " in *" $its_id "*) return 0 ;; *) return 1 ;; esac
}

owner_of() {
  read -r its_id its_stack <"$1/owner"
  printf 'the stack %s (owner %s)' "$its_stack" "$its_id"
}

# Whether this removal is out of date: the bundle belongs to another stack, or has been applied again at another address.
is_superseded() {
  if is_others "$home"; then
    say "left as it is: it belongs to $(owner_of "$home")"
  elif [ -f "$home/$application_file" ] && ! grep -qx "$application" "$home/$application_file"; then
    say "left as it is: applied since over another connection to this machine"
  else
    return 1
  fi
}
