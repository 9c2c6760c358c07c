#!/bin/bash
# The path guard in a storm: PathFilters' commands run while svc exchanges a directory, and then the last component,
# for a link to what is root's, as fast as it can.  Nothing of root's may change.  `make check-storm` is full size:
#
#	STORM_RUNS          of each command and each of the two swaps, 30
#	STORM_CHOWN_RUNS    the same of chown, 100
#	STORM_SUDO_RUNS     so many of chown's by svc through sudo, 20
#	STORM_UNGUARDED     with the guard off, until root's file is changed, 20000 at most
#	STORM_WORKERS       processes that share the runs, 3
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"
# shellcheck source=tests/functional/support/guarded.sh
. "$(dirname "$0")/support/guarded.sh"

RUNS=${STORM_RUNS:-30}
CHOWN_RUNS=${STORM_CHOWN_RUNS:-100}
SUDO_RUNS=${STORM_SUDO_RUNS:-20}
UNGUARDED=${STORM_UNGUARDED:-20000}
WORKERS=${STORM_WORKERS:-3}
declare -A TOTAL COUNT

# count TEXT: its NAME=NUMBER words into COUNT, and added to TOTAL.
count() {
	local word

	COUNT=()
	for word in $1; do
		COUNT[${word%%=*}]=${word#*=}
		TOTAL[${word%%=*}]=$((${TOTAL[${word%%=*}]:-0} + ${word#*=}))
	done
}

# rage HOW TREE TARGET DOES WORDS [OPTION...]: one storm; its numbers in COUNT, what was root's in BEFORE.
rage() {
	local how=$1 tree=$2 target=$3 words one other protected=$PROTECTED/$2

	read -ra words <<<"${5//@/$BASE/$tree/dir/$target}"
	read -r one other < <(names "$how" "$tree" "$target")
	tree "$tree"
	BEFORE=$(look_at "$tree")
	count "$("$SANDBOX/storm" -j "$WORKERS" -x "$one:$other" -r "$4:$target" -d "$BASE/$tree/dir" \
		-l "evil-$target:$protected/$target" "${@:6}" -p "$protected" -p "$protected/file" \
		-p "$protected/sub" -p "$protected/sub/file" "$WRAPPER" "$SANDBOX_CONF" "${words[@]}")"
}

# guarded HOW NAME TARGET LAST DOES WORDS
guarded() {
	local how=$1 name=$2 tree=storm-$1-$2 runs=$RUNS sudo=0

	can_swap "$how" "$3" || return 0
	if [ "$name" = chown ]; then
		runs=$CHOWN_RUNS sudo=$SUDO_RUNS
	fi
	tree "honest-$tree"
	rage "$how" "$tree" "$3" "$5" "$6" -n "$runs" -s "$sudo" -h "$BASE/honest-$tree/dir"
	tap_is "$how, $6: what is root's is as it was" "$(look_at "$tree")" "$BEFORE"
	tap_is "$how, $6: all runs were made; escapes, errors of the wrapper" \
		"${COUNT[runs]} ${COUNT[sudo]} ${COUNT[escapes]} ${COUNT[errors]}" "$runs $sudo 0 0"
	tap_is "$how, $6: the honest runs beside it succeed" "${COUNT[honest_succeeded]}" "${COUNT[honest]}"
	tell "$how, $6" COUNT
}

# unguarded HOW NAME TARGET LAST DOES WORDS: it is the guard that holds, not the storm that is weak.
unguarded() {
	local tree=unguarded-$1-$2

	[ "$1" = directory ] || [ "$4" = yes ] || return 0
	rage "$1" "$tree" "$3" "$5" "off-$6" -1 -n "$UNGUARDED"
	tap_ok "guard off, $1, $6: the storm wins" test "${COUNT[escapes]}" -gt 0
	tell "guard off, $1, $6" COUNT
}

# tell WHAT ARRAY
tell() {
	local -n counted=$2
	local name

	printf '# %s:' "$1"
	for name in runs sudo passed succeeded errors escapes swaps honest honest_succeeded; do
		printf ' %s=%s' "$name" "${counted[$name]}"
	done
	echo
}

command -v cc >/dev/null || tap_skip_all 'needs a C compiler'
helper storm
guarded_policy </dev/null
for how in directory last; do
	each_command unguarded "$how"
done
TOTAL=()
for how in directory last; do
	each_command guarded "$how"
done
tell 'with the guard' TOTAL
tap_ok 'there were runs that passed the check, and runs that did not' \
	test "${TOTAL[passed]}" -gt 0 -a "${TOTAL[passed]}" -lt "${TOTAL[runs]}"
tap_done
