#!/bin/bash
# Attacks on PathFilter in the moment between the wrapper's check and the command's use of the path: once exactly
# there, and in a storm, by svc through sudo.
#
#	ATTACK_RUNS     of the command in each storm, half of them through sudo; 60
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/attacks/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/attacks/support/paths.sh
. "$(dirname "$0")/support/paths.sh"

RUNS=${ATTACK_RUNS:-60}
home=$SANDBOX/home/svc
second=$SANDBOX/second                  # svc's too

# storm HOW COMMAND [OPTION...]: its numbers, as NAME=NUMBER words.
storm() {
	local one other

	read -r one other < <(names "$1" tree file)
	"$SANDBOX/storm" -j 2 -x "$one:$other" -r kept:file -d "$TREE/dir" -p "$PROTECTED/tree/file" "${@:3}" \
		"$WRAPPER" "$SANDBOX_CONF" "$2" app "$TREE/dir/file"
}

# number NAME: of what a storm printed.
number() {
	sed -n "s/.*\<$1=\([0-9]*\).*/\1/p" "$SANDBOX/out"
}

# stormed HOW: nothing is lost with the guard; without it soon.
stormed() {
	unharmed 'the storm' capture storm "$1" chown -n "$RUNS" -s $((RUNS / 2))
	case_is 'the storm: runs, through sudo, escapes, errors' \
		"$(number runs) $(number sudo) $(number escapes) $(number errors)" "$RUNS $((RUNS / 2)) 0 0"
	case_is 'the storm: a record for each' "$(audit_records | grep -c -E ': (allow|deny) ')" "$RUNS"
	case_ok 'the storm blows' test "$(number swaps)" -gt "$RUNS"
	capture storm "$1" off-chown -1 -n 20000
	case_ok 'without the guard it wins' test "$(number escapes)" -gt 0
	audit_mark
	restore
}

# What a storm leaves behind.
restore() {
	rm -rf "$TREE" "$PROTECTED/tree"
	tree tree
}

attack_directory_storm() {
	stormed directory
}

attack_last_storm() {
	stormed last
}

# at_exec ONE OTHER COMMAND [ARG...]: the names are exchanged when the wrapper is about to become the command.
at_exec() {
	local link=$2

	capture "$SANDBOX/swap_at_exec" "$1" "$2" "$WRAPPER" "$SANDBOX_CONF" "${@:3}"
	[ ! -L "$link" ] || tap_fail "$CASE: it was not swapped" "$1 $2" "$ERR"
}

# placed ASPECT ONE OTHER COMMAND [ARG...]
placed() {
	restore
	unharmed "$1" at_exec "${@:2}"
	case_record "$1: recorded" ': allow '
	case_like "$1: the command fails" "$STATUS $ERR" \
		'^[1-9][0-9]* .*(Too many levels of symbolic links|No such file)'
}

attack_placed() {
	local dir=$TREE/dir

	placed 'a directory on the way' "$dir" "$TREE/evil" chown app "$dir/file"
	placed 'the last component' "$dir/file" "$dir/evil-file" chown app "$dir/file"
	as_svc mkdir -p "$second/dir"
	as_svc touch "$second/dir/file"
	as_svc ln -sfT "$PROTECTED/tree" "$second/evil"
	placed 'on the way to the second path' "$second/dir" "$second/evil" cp "$dir/file" "$second/dir/file"
	restore
	at_exec "$dir" "$TREE/evil" off-chown app "$dir/file"
	case_is 'without the guard it wins' "$STATUS $(owner "$PROTECTED/tree/file")" '0 app'
	restore
	audit_mark
}

attack_mounted() {
	local below=$TREE/mounted

	restore
	as_svc mkdir "$below"
	mount -t tmpfs -o mode=0777 host "$below"
	as_svc mkdir "$below/dir"
	as_svc touch "$below/dir/file"
	as_svc ln -s "$PROTECTED/tree" "$below/evil"
	unharmed 'a mount below' at_exec "$below/dir" "$below/evil" chown app "$below/dir/file"
	case_like 'a mount below: the command fails' "$STATUS $ERR" '^1 .*Too many levels of symbolic links'
	as_svc mv -T "$below/dir" "$below/link"
	as_svc mv -T "$below/evil" "$below/dir"
	audit_mark
	permitted 'a mount below, the honest way' chown app "$below/dir/file"
	case_is 'a mount below: it is seen' "$(owner "$below/dir/file")" app
	umount "$below"
}

attack_recursion() {
	restore
	unharmed 'a child of the tree' at_exec "$TREE/dir/sub" "$TREE/dir/evil-sub" recurse -RL app "$TREE"
	case_is 'a child of the tree: the others have been reached' "$STATUS $(owner "$TREE/dir/file")" '1 app'
	audit_mark
}

attack_directory_above() {
	restore
	as_svc mkdir -p "$home/held"
	as_svc touch "$home/held/file"
	as_svc ln -sfT "$PROTECTED/tree" "$home/evil"
	unharmed 'the filter'\''s directory' at_exec "$home/held" "$home/evil" chown-home app "$home/held/file"
	case_like 'the filter'\''s directory: the command fails' "$STATUS $ERR" '^1 .*Too many levels of symbolic links'
	audit_mark
}

# Each step of the guard is one that the command does not run without.
attack_guard_fails() {
	local call answer before last

	# The guard's own question comes last: those before it are of the directories that are judged.
	capture strace -o "$SANDBOX/trace" -e trace=fstatfs "$WRAPPER" "$SANDBOX_CONF" chown app "$TREE/dir/file"
	last=$(grep -c '^fstatfs(' "$SANDBOX/trace")
	restore
	audit_mark
	before=$(owner "$TREE/dir/file")
	while read -r call answer; do
		capture strace -o "$SANDBOX/trace" -e trace="$call" -e inject="$call:$answer" \
			"$WRAPPER" "$SANDBOX_CONF" chown app "$TREE/dir/file"
		case_is "$call, $answer" "$STATUS $(owner "$TREE/dir/file")" "95 $before"
		case_like "$call, $answer: recorded" "$(audit_records | tail -n 1)" ': error .* reason=not-confined '
		audit_mark
	done <<-END
		unshare error=EPERM
		mount error=EINVAL
		openat2 error=ENOSYS
		open_tree error=EPERM
		mount_setattr error=ENOSYS
		mount_setattr retval=0
		move_mount error=EBUSY
		move_mount retval=0
		fstatfs error=EIO:when=$last
		statx error=EIO
	END
	capture strace -o "$SANDBOX/trace" -e trace=fstatfs -e inject=fstatfs:error=EIO:when=1 \
		"$WRAPPER" "$SANDBOX_CONF" chown app "$TREE/dir/file"
	case_is 'a file system that cannot be asked may be anybody'\''s' "$STATUS $(owner "$TREE/dir/file")" "99 $before"
	audit_mark
}

helper storm
helper swap_at_exec
own_copy off-chown chown
own_copy recurse chown
cp "$EXEC/off-chown" "$EXEC/chown-home"
install -d -o svc -g svc "$second"
policy <<-END
	chown: PathFilter, chown, root, app, $BASE
	off-chown: PathFilter, off-chown, root, app, $BASE
	chown-home: PathFilter, chown-home, root, app, $home/held
	recurse: PathFilter, recurse, root, -RL, app, $BASE
	cp: PathFilter, cp, root, $BASE, $second
	[Context off]
	filters = off-chown
	path_guard = off
END
attack PATH-05 'a directory swapped for a link, in a storm' attack_directory_storm
attack PATH-06 'the last component swapped for a link, in a storm' attack_last_storm
attack PATH-07 'a link exactly between check and use' attack_placed
attack PATH-07 'a kernel that does not guard, or lies about it' attack_guard_fails
attack PATH-10 'the same on a mount below the directory' attack_mounted
attack PATH-13 'a child of a tree swapped for a link' attack_recursion
attack PATH-20 'the filter'\''s directory itself swapped for a link' attack_directory_above
tap_done

# Left out:
# PATH-09: a hard link made in that moment: fs.protected_hardlinks, which is the whole machine's, stands against it.
