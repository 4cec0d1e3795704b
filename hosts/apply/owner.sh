# Who applies or removes. It comes by standard input: before a stack's first apply no preview knows its id, and as part of
# the command's text it would hide the whole text.
read_owner() {
  word=
  read -r word owner_id owner_stack application take_over_from || :
  [ "$word" = owner ] && [ -n "$application" ] ||
    fail "the owner on standard input is missing; nothing was touched, run pulumi up again"
  # What one owner alone may have here is found by its name; else each owner has a folder of its own.
  [ "$owners" = one ] && home=$state/$bundle || home=$state/$bundle.$owner_id
}

came_from=

# Until the change is settled, the folder may go back to whose it was.
give_back_folder() {
  [ "$phase" = settled ] || [ -z "$came_from" ] || mv "$home" "$came_from"
}

# Takes over the same bundle's folder: of an owner that this stack takes over from, or one without an owner, which earlier
# versions of the program called by the mark.
claim_home() {
  [ "$owners" = several ] && [ ! -d "$home" ] || return 0
  for id in $take_over_from; do adopt_folder "$state/$bundle.$id"; done
  [ -f "$state/$mark/owner" ] || adopt_folder "$state/$mark"
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

# is_others FOLDER: whether its owner is another one.
is_others() {
  [ -f "$1/owner" ] || return 1
  read -r its_id _ <"$1/owner"
  [ "$its_id" != "$owner_id" ]
}

# takes_from FOLDER: whether what its owner has becomes this stack's. What has no owner is anybody's.
takes_from() {
  [ -f "$1/owner" ] || return 0
  read -r its_id _ <"$1/owner"
  case " $take_over_from " in *" $its_id "*) return 0 ;; *) return 1 ;; esac
}

owner_of() {
  read -r its_id its_stack <"$1/owner"
  printf 'the stack %s (owner %s)' "$its_stack" "$its_id"
}

# Whether a removal comes too late: the machine is another stack's, or was applied since under another address.
is_superseded() {
  if is_others "$home"; then
    say "left as it is: it belongs to $(owner_of "$home")"
  elif [ -f "$home/reach" ] && ! grep -qx "$application" "$home/reach"; then
    say "left as it is: applied since over another connection to this machine"
  else
    return 1
  fi
}
