#!/bin/bash
# The path guard: between the check of a PathFilter and the command's own use of the path nobody can lead the command
# elsewhere by swapping a directory, or the last component, for a link.
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"

RUNS=80                                 # of each command and each swap in the storm
WORKERS=5                               # that share them
BASE=$SANDBOX/data                      # svc's
PROTECTED=$SANDBOX/protected            # root's
ARCHIVE=$SANDBOX/archive.tar
SELF=/proc/self                         # of whatever looks
BEFORE_EXEC=3000000                     # microseconds that strace holds the wrapper's execve(2)

# Name, the target's name, whether a link in its place is enough, program and arguments; @ is the target.
commands() {
	cat <<-END
		chown file yes chown app @
		chmod file yes chmod 0777 @
		cp file yes cp /etc/hostname @
		tee file yes tee @
		touch file yes touch @
		rm file no rm @
		mkdir new no mkdir @
		tar sub yes tar -xf $ARCHIVE -C @
		chown-R sub no chown -R app @
		chmod-R sub no chmod -R 0777 @
		rm-r sub no rm -rf @
	END
}

# each_command FUNCTION [ARG...]: calls it with these four behind its own arguments.
each_command() {
	local name target last words

	while read -r name target last words; do
		"$@" "$name" "$target" "$last" "$words"
	done < <(commands)
}

# add_filter PREFIX NAME TARGET LAST WORDS: commas for the blanks, the base for the target.
add_filter() {
	local words

	read -ra words <<<"$1${5//@/$BASE}"
	printf '%s%s: PathFilter, %s, root' "$1" "$2" "${words[0]}"
	printf ', %s' "${words[@]:1}"
	echo
	[ -z "$1" ] || [ -e "$EXEC/${words[0]}" ] || cp "$(command -v "${5%% *}")" "$EXEC/${words[0]}"
}

guarded_policy() {
	{
		echo '[Filters]'
		each_command add_filter ''
		each_command add_filter off-
		printf '%s: PathFilter, %s\n' look "look, root, $BASE" look-root "look, root, $SANDBOX/rootonly" \
			look-all 'look-all, root, /' hold "hold, root, $BASE" mount "mount, root, -n, $BASE" \
			umount "umount, root, $BASE" off-mount "off-mount, root, $BASE"
		printf '[Context off]\npath_guard = off\nfilters = off-mount'
		commands | sed 's/^\([^ ]*\) .*/, off-\1/' | tr -d '\n'
		echo
	} | filters test
}

# tree NAME: what svc has at $BASE/NAME, and what is root's at $PROTECTED/NAME; the links to it are in place.
tree() {
	mkdir -p "$PROTECTED/$1/sub"
	echo secret | tee "$PROTECTED/$1/file" >"$PROTECTED/$1/sub/file"
	chmod 0600 "$PROTECTED/$1/file"
	as_svc mkdir -p "$BASE/$1/dir/sub"
	as_svc touch "$BASE/$1/dir/file" "$BASE/$1/dir/sub/file"
	as_svc ln -s "$PROTECTED/$1" "$BASE/$1/evil"
	as_svc ln -s "$PROTECTED/$1/sub" "$BASE/$1/dir/evil-sub"
	as_svc ln -s "$PROTECTED/$1/file" "$BASE/$1/dir/evil-file"
}

# All that can be seen of root's tree.
look_at() {
	find "$PROTECTED/$1" -printf '%p %u %g %m %s %T@ %C@\n' | sort
	find "$PROTECTED/$1" -type f -exec cat {} + | sha256sum
}

# wrapped NAME PREFIX WORDS TREE TARGET: the command on its target, by root directly.
wrapped() {
	local words

	read -ra words <<<"$2${3//@/$BASE/$4/dir/$5}"
	"$WRAPPER" "$SANDBOX_CONF" "${words[@]}" <<<overwritten
}

honest() {
	local status=0

	tree "honest-$1"
	wrapped "$1" '' "$4" "honest-$1" "$2" >"$SANDBOX/out" 2>&1 || status=$?
	tap_is "honest: $4" "$status $(grep -v overwritten "$SANDBOX/out" || true)" '0 '
}

# names directory|last TREE TARGET: the two names that are swapped.
names() {
	if [ "$1" = directory ]; then
		echo "$BASE/$2/dir $BASE/$2/evil"
	else
		echo "$BASE/$2/dir/$3 $BASE/$2/dir/evil-$3"
	fi
}

# swap_both directory|last TREE TARGET: once.
swap_both() {
	local one other

	read -r one other < <(names "$@")
	as_svc "$SANDBOX/swap" "$one" "$other" 1
}

# Makes anew what the command takes away, or takes away what it makes; as svc, so that it cannot touch what is root's.
restore() {
	case $1 in
	rm) as_svc touch "$BASE/$2/dir/file" ;;
	rm-r) as_svc mkdir -p "$BASE/$2/dir/sub" ;;
	mkdir) as_svc rmdir "$BASE/$2/dir/new" ;;
	esac 2>/dev/null || true
}

# storm_worker NAME TREE TARGET WORDS: a share of the runs, and an honest one that must not suffer.
storm_worker() {
	local i

	for ((i = 0; i < RUNS / WORKERS; i++)); do
		wrapped "$1" '' "$4" "$2" "$3" >/dev/null 2>&1 || true
		restore "$1" "$2"
	done
	"$WRAPPER" "$SANDBOX_CONF" touch "$BASE/honest-touch/dir/file" || touch "$SANDBOX/suffered"
}

storm() {
	local how=$1 name=$2 target=$3 tree=storm-$1-$2 before one other swapper i workers=()

	[ "$target" != new ] || [ "$how" = directory ] || return 0
	tree "$tree"
	before=$(look_at "$tree")
	read -r one other < <(names "$how" "$tree" "$target")
	as_svc "$SANDBOX/swap" "$one" "$other" 0 &
	swapper=$!
	for ((i = 0; i < WORKERS; i++)); do
		storm_worker "$name" "$tree" "$target" "$5" &
		workers+=($!)
	done
	wait "${workers[@]}"
	kill "$swapper"
	wait "$swapper" 2>/dev/null || true
	tap_is "storm, $how: $5: what is root's is as it was" "$(look_at "$tree")" "$before"
}

# place PREFIX HOW NAME TARGET LAST WORDS: starts the command, which strace stops where it would be executed.
place() {
	local tree=placed$1-$2-$3

	tree "$tree"
	look_at "$tree" >"$SANDBOX/before-$tree"
	(
		read -ra words <<<"${1#-}${6//@/$BASE/$tree/dir/$4}"
		exec strace -f -o "$SANDBOX/trace-$tree" -e trace=execve \
			-e inject=execve:delay_enter="$BEFORE_EXEC":when=1 "$WRAPPER" "$SANDBOX_CONF" "${words[@]}" \
			<<<overwritten >/dev/null 2>&1
	) &
}

# No record tells when all are there: they have half of the time.
swap_placed() {
	[ "$4" != new ] || [ "$2" = directory ] || return 0
	swap_both "$2" "placed$1-$2-$3" "$4"
}

judge_placed() {
	local tree=placed$1-$2-$3 same=unchanged

	[ "$4" != new ] || [ "$2" = directory ] || return 0
	[ "$(look_at "$tree")" = "$(cat "$SANDBOX/before-$tree")" ] || same=changed
	if [ -z "$1" ]; then
		tap_is "placed, $2: $6: what is root's is as it was" "$same" unchanged
	elif [ "$2" = directory ] || [ "$5" = yes ]; then
		tap_is "placed, $2, guard off: $6: the harness wins" "$same" changed
	fi
}

test_placed() {
	local prefix how

	command -v strace >/dev/null || {
		tap_skip 'placed swaps' 'needs strace'
		return
	}
	for prefix in '' -off-; do
		for how in directory last; do
			each_command place "$prefix" "$how"
		done
		sleep 1.7
		for how in directory last; do
			each_command swap_placed "$prefix" "$how"
		done
		wait_for_commands
		for how in directory last; do
			each_command judge_placed "$prefix" "$how"
		done
	done
}

wait_for_commands() {
	local pid

	for pid in $(pgrep -P $$ strace); do
		wait "$pid" || true
	done
}

test_view() {
	local field

	as_svc mkdir -p "$BASE/view"
	as_svc ln -s view "$BASE/alias"
	wrap look "$BASE/alias/../view/."
	tap_is 'the command gets the canonical path' "$STATUS$ERR $(head -n 1 <<<"$OUT")" "0 $BASE/view"
	tap_like 'links are off from the first directory of svc'\''s on' "$OUT" " $BASE [^ ]*nosymfollow"
	field=$(awk -v base="$BASE" '$5 == base { print $7 }' <<<"$OUT")
	tap_is 'and the mount is private' "$field" -
	tap_unlike 'in a namespace of its own' "$OUT" "^$(readlink $SELF/ns/mnt)\$"
	wrap look "$SANDBOX/rootonly/file"
	tap_like 'a file on whose way all is root'\''s needs no namespace' "$OUT" "^$(readlink $SELF/ns/mnt | tr '[]' '..')\$"
	wrap look "$SANDBOX/rootonly/new"
	tap_like 'nor does one that is to be made there' "$OUT" "^$(readlink $SELF/ns/mnt | tr '[]' '..')\$"
	wrap look "$SANDBOX/rootonly"
	tap_like 'a directory is guarded itself' "$OUT" " $SANDBOX/rootonly [^ ]*nosymfollow"
}

# denied NAME COMMAND [ARG...]
denied() {
	audit_mark
	wrap "${@:2}"
	tap_is "$1: denied" "$STATUS$OUT" 99
	tap_like "$1: recorded" "$(audit_records)" '^<85>.* deny .* reason=path-guard '
	tap_like "$1: the cure is named" "$ERR" 'path_guard = off'
}

test_denied() {
	denied 'the root' look-all /
	denied 'a directory of the system' look-all /etc
	denied 'the directory of the program' look-all "$EXEC"
	denied 'mount' mount -n "$BASE"
	denied 'umount' umount "$BASE"
	wrap off-mount "$BASE"
	tap_unlike 'mount with path_guard = off: not denied' "$ERR" 'Unauthorized'
	audit_mark
	capture setpriv --bounding-set -sys_admin "$WRAPPER" "$SANDBOX_CONF" look "$BASE"
	tap_is 'without cap_sys_admin: 95 and nothing ran' "$STATUS$OUT" 95
	tap_like 'without cap_sys_admin: the cure is named' "$ERR" 'path_guard = off'
	tap_like 'without cap_sys_admin: recorded' "$(audit_records)" '^<83>.* error .* reason=not-confined '
}

# held COMMAND [ARG...]: what `hold` finds after the host's COMMAND, done while it runs.
held() {
	rm -f "$SANDBOX/ready" "$SANDBOX/go"
	"$WRAPPER" "$SANDBOX_CONF" hold "$BASE" >"$SANDBOX/held" 2>&1 &
	wait_until test -e "$SANDBOX/ready"
	"$@"
	touch "$SANDBOX/go"
	wait $! || true
	cat "$SANDBOX/held"
}

host_mounts() {
	local place

	for place in "$BASE/mnt" "$SANDBOX/elsewhere"; do
		mount -t tmpfs host "$place"
		ln -s "$PROTECTED" "$place/link"
		echo seen >"$place/plain"
	done
}

host_umounts() {
	umount "$BASE/mnt" "$SANDBOX/elsewhere" || echo busy >"$SANDBOX/busy"
}

test_propagation() {
	local found

	mkdir -p "$BASE/mnt" "$SANDBOX/elsewhere"
	echo secret >"$PROTECTED/file"
	mount --make-rshared /run
	found=$(held host_mounts)
	tap_unlike 'a mount of the host'\''s below the base is not followed unguarded' "$found" "^$BASE/mnt link:secret"
	tap_like 'elsewhere it arrives' "$found" "^$SANDBOX/elsewhere plain:seen"
	found=$(held host_umounts)
	tap_ok 'an umount of the host'\''s during the run is not held up' test ! -e "$SANDBOX/busy"
	tap_like 'and arrives elsewhere' "$found" "^$SANDBOX/elsewhere plain:\$"
	host_mounts
	found=$(held true)
	tap_like 'what was mounted below the base before the run is there' "$found" "^$BASE/mnt plain:seen"
	tap_like 'and guarded too' "$found" "^$BASE/mnt link:\$"
	tap_ok 'what the command mounts is not seen by the host' test ! -e "$BASE/view/of-the-command"
	host_umounts
}

helpers() {
	# swap ONE OTHER TIMES: exchanges two names; 0 times: for ever.
	cat >"$SANDBOX/swap.c" <<-'END'
		#define _GNU_SOURCE
		#include <fcntl.h>
		#include <stdio.h>
		#include <stdlib.h>
		int main(int argc, char **argv)
		{
			long times = argc == 4 ? atol(argv[3]) : 1;
			int result = 0;

			for (long i = 0; times == 0 || i < times; i++)
				result = renameat2(AT_FDCWD, argv[1], AT_FDCWD, argv[2], RENAME_EXCHANGE);
			if (result < 0)
				perror(argv[1]);
			return result < 0;
		}
	END
	cc -O1 -o "$SANDBOX/swap" "$SANDBOX/swap.c"
	program look <<-'END'
		#!/bin/sh
		echo "$1"
		cat /proc/self/mountinfo
		readlink /proc/self/ns/mnt
	END
	cp "$EXEC/look" "$EXEC/look-all"
	cp /usr/bin/mount "$EXEC/off-mount"
	program hold <<-END
		#!/bin/sh
		mkdir -p \$1/view
		mount -t tmpfs command \$1/view && touch \$1/view/of-the-command
		touch $SANDBOX/ready
		until [ -e $SANDBOX/go ]; do sleep 0.02; done
		for place in $BASE/mnt $SANDBOX/elsewhere; do
			echo "\$place plain:\$(cat \$place/plain)"
			echo "\$place link:\$(cat \$place/link/file)"
		done
	END
	mkdir "$PROTECTED" "$SANDBOX/rootonly"
	touch "$SANDBOX/rootonly/file"
	install -d -o svc -g svc "$BASE"
	echo extracted >"$SANDBOX/extracted"
	tar -cf "$ARCHIVE" -C "$SANDBOX" extracted
}

command -v cc >/dev/null || tap_skip_all 'needs a C compiler'
helpers
guarded_policy
each_command honest
test_view
test_denied
test_propagation
test_placed
each_command storm directory
each_command storm last
tap_ok 'storm: the honest runs beside it succeed' test ! -e "$SANDBOX/suffered"
tap_done
