#!/bin/bash
# `make demo`'s script: it shows what it says, and leaves nothing behind, however it ends.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/tap.sh
. "$root/tests/tap.sh"
# shellcheck source=tests/machine-state.sh
. "$root/tests/machine-state.sh"
# shellcheck source=scripts/sandbox.sh
. "$root/scripts/sandbox.sh"

[ "$(id -u)" -eq 0 ] || tap_skip_all 'needs root'
sandbox_possible 2>/dev/null || tap_skip_all 'needs namespaces of its own'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkfifo "$work/pipe"
before=$(machine_state)

status=0
shown=$("$root/scripts/demo" 2>&1) || status=$?
tap_is 'it ends well' "$status" 0
tap_like 'a command is allowed' "$shown" '^    -rw-r----- 1 root root .* /run/app/report$'
tap_like 'a command is denied' "$shown" '^    \$ sudo .* cat /etc/shadow$'
tap_is 'with status 99, as the path outside, as explain' "$(grep -c '^    (exit status 99)$' <<<"$shown")" 3
tap_is 'the records of all three are shown' \
	"$(sed -n 's/^    privsep-wrap\[[0-9]*\]: \([a-z]*\) .*/\1/p' <<<"$shown" | xargs)" 'allow deny deny'
tap_like 'explain names the nearest filter' "$shown" 'app\.filters:3'
tap_is 'nothing is left' "$(machine_state)" "$before"

# start: the demonstration in a process group of its own, as a terminal would have it; its output is descriptor 3.
start() {
	set -m
	"$root/scripts/demo" >"$work/pipe" 2>&1 &
	set +m
	exec 3<"$work/pipe"
}

# finish NAME: each of its processes holds the pipe, so the pipe's end is theirs.
finish() {
	tap_ok "$1: every process ends" timeout 300 cat <&3
	exec 3<&-
	status=0
	wait $! || status=$?
	tap_is "$1: nothing is left" "$(machine_state)" "$before"
}

for signal in INT TERM HUP KILL; do
	start
	while read -r line <&3; do
		[[ $line != '$ sudo'* ]] || break
	done
	kill -s "$signal" -- "-$!"
	finish "$signal part-way"
	tap_is "$signal part-way: it does not end well" "$status" $((128 + $(kill -l "$signal")))
done 2>/dev/null

for delay in 0.01 0.05 0.1 0.15 0.2 0.3; do
	start
	sleep "$delay"
	kill -s INT -- "-$!" || true
	finish "INT after $delay s"
done 2>/dev/null
tap_done
