#!/bin/bash
# The path guard: between the check of a PathFilter and the command's own use of the path nobody can lead the command
# elsewhere by swapping a directory, or the last component, for a link.
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"
# shellcheck source=tests/functional/support/guarded.sh
. "$(dirname "$0")/support/guarded.sh"

SELF=/proc/self                         # of whatever looks

# honest NAME TARGET LAST DOES WORDS
honest() {
	local status=0 words

	tree "honest-$1"
	read -ra words <<<"${5//@/$BASE/honest-$1/dir/$2}"
	"$WRAPPER" "$SANDBOX_CONF" "${words[@]}" <<<overwritten >"$SANDBOX/out" 2>&1 || status=$?
	tap_is "honest: $5" "$status $(grep -v overwritten "$SANDBOX/out" || true)" '0 '
}

# placed PREFIX HOW NAME TARGET LAST DOES WORDS: the swap comes once, when the wrapper is about to become the command.
placed() {
	local prefix=$1 how=$2 tree=placed-$1$2-$3 words one other before same=unchanged

	can_swap "$how" "$4" || return 0
	tree "$tree"
	before=$(look_at "$tree")
	read -ra words <<<"$prefix${7//@/$BASE/$tree/dir/$4}"
	read -r one other < <(names "$how" "$tree" "$4")
	"$SANDBOX/swap_at_exec" "$one" "$other" "$WRAPPER" "$SANDBOX_CONF" "${words[@]}" \
		<<<overwritten >/dev/null 2>&1 || true
	[ "$(look_at "$tree")" = "$before" ] || same=changed
	[ ! -L "$other" ] || same='not swapped'
	if [ -z "$prefix" ]; then
		tap_is "placed, $how: $7: what is root's is as it was" "$same" unchanged
	elif [ "$how" = directory ] || [ "$5" = yes ]; then
		tap_is "placed, $how, guard off: $7: the harness wins" "$same" changed
	fi
}

test_placed() {
	local prefix how

	for prefix in '' off-; do
		for how in directory last; do
			each_command placed "$prefix" "$how"
		done
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
	tap_like 'where all on the way is root'\''s, from the filter'\''s directory on' "$OUT" \
		" $SANDBOX/rootonly [^ ]*nosymfollow"
	wrap look "$SANDBOX/rootonly/new"
	tap_like 'also for one that is to be made there' "$OUT" " $SANDBOX/rootonly [^ ]*nosymfollow"
	wrap look /etc/alone
	tap_like 'a file directly in a directory of the system gets no namespace' "$OUT" \
		"^$(readlink $SELF/ns/mnt | tr '[]' '..')\$"
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
	mkdir "$SANDBOX/rootonly"
	touch "$SANDBOX/rootonly/file" /etc/alone
}

command -v cc >/dev/null || tap_skip_all 'needs a C compiler'
helper swap_at_exec
helpers
guarded_policy <<-END
	look: PathFilter, look, root, $BASE
	look-root: PathFilter, look, root, $SANDBOX/rootonly
	look-alone: PathFilter, look, root, /etc/alone
	look-all: PathFilter, look-all, root, /
	hold: PathFilter, hold, root, $BASE
	mount: PathFilter, mount, root, -n, $BASE
	umount: PathFilter, umount, root, $BASE
	off-mount: PathFilter, off-mount, root, $BASE
END
each_command honest
test_view
test_denied
test_propagation
test_placed
tap_done
