#!/bin/bash
# Attacks on PathFilter and ReadFileFilter in which another request of the same policy gives a directory away between
# the wrapper's check and the use of the path: what was root's alone when it was looked at is the caller's then.
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/attacks/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/attacks/support/paths.sh
. "$(dirname "$0")/support/paths.sh"
# shellcheck source=tests/attacks/support/stopped.sh
. "$(dirname "$0")/support/stopped.sh"

GIVEN=/srv/given                        # root's, and nobody can change the way to it
SECRET=$PROTECTED/tree/file

restore() {
	rm -rf "$GIVEN"
	mkdir -p "$GIVEN/dir/theirs"
	touch "$GIVEN/dir/file" "$GIVEN/dir/theirs/file"
	chown svc "$GIVEN/dir/theirs"
}

# by_svc COMMAND [ARG...]: another request, while the first is stopped.
by_svc() {
	as_svc sudo -n "$WRAPPER" "$SANDBOX_CONF" "$@" 2>>"$SANDBOX/by_svc"
}

# What the caller does meanwhile.
link_in_dir() {
	by_svc chown svc "$GIVEN/dir"
	as_svc mv "$GIVEN/dir/file" "$GIVEN/dir/old"
	as_svc ln -s "$SECRET" "$GIVEN/dir/file"
}

link_in_new() {
	by_svc mkdir "$GIVEN/new"
	by_svc chown svc "$GIVEN/new"
	as_svc ln -s "$SECRET" "$GIVEN/new/file"
}

link_in_base() {
	by_svc chown svc "$GIVEN"
	as_svc ln -s "$SECRET" "$GIVEN/top"
}

link_in_made_base() {
	by_svc mkdir "$GIVEN"
	link_in_base
}

link_in_place_of_the_guard() {
	by_svc chown svc "$GIVEN/dir"
	as_svc mv "$GIVEN/dir/theirs" "$GIVEN/dir/old"
	as_svc ln -s "$PROTECTED/tree" "$GIVEN/dir/theirs"
}

# given ASPECT CALL ATTACK PATH: the command is stopped behind its first such call.
given() {
	unharmed "$1" stopped_at "$2" 1 "$3" "$WRAPPER" "$SANDBOX_CONF" chown svc "$4"
	case_like "$1: the command fails" "$STATUS $ERR" '^1 .*Too many levels of symbolic links'
	restore
	audit_mark
}

attack_given_away() {
	restore
	given 'a directory on the way' sendto link_in_dir "$GIVEN/dir/file"
	given 'one that is not there yet' sendto link_in_new "$GIVEN/new/file"
	given 'the filter'\''s own' sendto link_in_base "$GIVEN/top"
	given 'one that holds the caller'\''s' move_mount link_in_place_of_the_guard "$GIVEN/dir/theirs/file"
	rm -rf "$GIVEN"
	given 'the filter'\''s own, not there yet' sendto link_in_made_base "$GIVEN/top"
	unharmed 'by another filter' stopped_at sendto 1 link_in_dir "$WRAPPER" "$SANDBOX_CONF" tee "$GIVEN/dir/file" \
		</dev/null
	case_like 'by another filter: the command fails' "$STATUS $ERR" '^1 .*Too many levels of symbolic links'
	restore
}

# The honest way: nobody is in the way of who asks one after the other.
attack_honest_way() {
	restore
	permitted 'a directory is given away' chown svc "$GIVEN/dir"
	case_is 'it is the caller'\''s' "$(owner "$GIVEN/dir")" svc
	permitted 'a file in it' chown svc "$GIVEN/dir/file"
	case_is 'it is too' "$(owner "$GIVEN/dir/file")" svc
}

# Each in its turn is opened, and looked at again: at the last one, the file, the directory is the caller's.
attack_reading() {
	local number

	restore
	echo honest >"$GIVEN/dir/file"
	capture strace -o "$TRACE" -e trace=openat "$WRAPPER" "$SANDBOX_CONF" cat "$GIVEN/dir/file"
	case_is 'it is read where nobody comes between' "$STATUS $OUT" '0 honest'
	number=$(grep '^openat(' "$TRACE" | grep -n '"dir", ' | tail -n 1 | cut -d: -f1)
	stopped_at openat "$number" link_in_dir "$WRAPPER" "$SANDBOX_CONF" cat "$GIVEN/dir/file"
	case_like 'it is not read through the caller'\''s link' "$STATUS $OUT $ERR" '^1 .*Too many levels of symbolic links'
	case_unlike 'nor told' "$OUT$ERR" secret
	restore
	audit_mark
	mv "$GIVEN/dir/file" "$GIVEN/dir/real"
	ln -s real "$GIVEN/dir/file"
	capture "$WRAPPER" "$SANDBOX_CONF" cat "$GIVEN/dir/file"
	case_is 'a link of root'\''s is followed' "$STATUS" 0
	chown -h svc "$GIVEN/dir/file"
	capture "$WRAPPER" "$SANDBOX_CONF" cat "$GIVEN/dir/file"
	case_like 'one of the caller'\''s is not, though the directory is root'\''s again' "$STATUS $OUT $ERR" \
		'^1 .*Too many levels of symbolic links'
	audit_mark
	refused_with 99 no-match 'no chain reads it' nice -n 1 cat "$GIVEN/dir/file"
}

mount -t tmpfs -o mode=0755 given /srv
policy <<-END
	chown: PathFilter, chown, root, svc, $GIVEN
	mkdir: PathFilter, mkdir, root, $GIVEN
	tee: PathFilter, tee, root, $GIVEN/dir
	cat: ReadFileFilter, $GIVEN/dir/file
	nice: ChainingRegExpFilter, nice, root, nice, -n, \\d+
END
attack PATH-07 'a directory given away between check and use' attack_given_away
attack PATH-07 'the same requests one after the other' attack_honest_way
attack PATH-22 'a directory given away while a file is looked for' attack_reading
tap_done
