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

# What a filter for mv or ln would do by svc's wish.
link_as_base() {
	ln -sf "$SECRET" /srv/alone
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
	touch /srv/alone
	given 'one file that the filter names, replaced' sendto link_as_base /srv/alone
	rm -f /srv/alone
	given 'one that is not there yet' sendto link_as_base /srv/alone
	rm -f /srv/alone
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

# read_meanwhile ATTACK FILE: the wrapper is stopped when it has found the file's directory to be root's, by the last
# question before it opens the file.
read_meanwhile() {
	local number

	capture strace -o "$TRACE" -e trace=openat,fstatfs "$WRAPPER" "$SANDBOX_CONF" cat "$2"
	case_is 'it is read where nobody comes between' "$STATUS $OUT" '0 honest'
	number=$(sed '/"file", /,$d' "$TRACE" | grep -c '^fstatfs(')
	stopped_at fstatfs "$number" "$1" "$WRAPPER" "$SANDBOX_CONF" cat "$2"
}

# Not by a filter: root gives its directory away, and a file gets another name there.
hard_link_in_dir() {
	chown svc /srv/root
	ln -f /srv/secret /srv/root/file
}

attack_reading() {
	restore
	mkdir /srv/root
	echo honest | tee "$GIVEN/dir/file" >/srv/root/file
	echo secret >/srv/secret
	read_meanwhile hard_link_in_dir /srv/root/file
	case_like 'a directory that root gives away is looked at again' "$STATUS $OUT $ERR" '^1 .*Operation not permitted'
	read_meanwhile link_in_dir "$GIVEN/dir/file"
	case_like 'it is not read through the caller'\''s link' "$STATUS $OUT $ERR" '^1 .*Too many levels of symbolic links'
	case_unlike 'nor told' "$OUT$ERR" secret
	restore
	audit_mark
	ln -sf "$SECRET" "$GIVEN/dir/file"
	capture "$WRAPPER" "$SANDBOX_CONF" cat "$GIVEN/dir/file"
	case_like 'nor through a link that was made root'\''s' "$STATUS $OUT $ERR" '^1 .*Too many levels of symbolic links'
	echo outside >/srv/real
	ln -s real /srv/link
	capture "$WRAPPER" "$SANDBOX_CONF" cat /srv/link
	case_is 'elsewhere a link of root'\''s is followed' "$STATUS $OUT" '0 outside'
	chown -h svc /srv/link
	capture "$WRAPPER" "$SANDBOX_CONF" cat /srv/link
	case_like 'but none of the caller'\''s' "$STATUS $OUT $ERR" '^1 .*Too many levels of symbolic links'
	ln -sf "$SECRET" /srv/alone
	capture "$WRAPPER" "$SANDBOX_CONF" cat /srv/alone
	case_like 'nor one that a filter names' "$STATUS $OUT $ERR" '^1 .*Too many levels of symbolic links'
	restore
	audit_mark
	refused_with 99 no-match 'no chain reads it' nice -n 1 cat "$GIVEN/dir/file"
}

mount -t tmpfs -o mode=0755 given /srv
policy <<-END
	chown: PathFilter, chown, root, svc, $GIVEN
	mkdir: PathFilter, mkdir, root, $GIVEN
	tee: PathFilter, tee, root, $GIVEN/dir
	cat: ReadFileFilter, $GIVEN/dir/file
	link: ReadFileFilter, /srv/link
	root: ReadFileFilter, /srv/root/file
	read-alone: ReadFileFilter, /srv/alone
	alone: PathFilter, chown, root, svc, /srv/alone
	nice: ChainingRegExpFilter, nice, root, nice, -n, \\d+
END
attack PATH-07 'a directory given away between check and use' attack_given_away
attack PATH-07 'the same requests one after the other' attack_honest_way
attack PATH-22 'a directory given away while a file is looked for' attack_reading
tap_done
