#!/bin/bash
# Supervised runs, many and at the same time: all succeed, and they leave no zombie and no orphan.  `make check-storm`
# is full size:
#
#	STORM_SUPERVISED_RUNS       by root, 200
#	STORM_SUPERVISED_SUDO_RUNS  by svc through sudo, 30
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"

DIRECT_RUNS=${STORM_SUPERVISED_RUNS:-200}
SUDO_RUNS=${STORM_SUPERVISED_SUDO_RUNS:-30}
WORKERS=3

# Names only, and none of those that look.
everybody() {
	cat /proc/[0-9]*/comm 2>/dev/null | sed -E '/^(bash|cat|sed|sort)$/d' | sort
}

nobody_is_new() {
	[ "$(everybody)" = "$BEFORE" ]
}

no_zombie() {
	! cat /proc/[0-9]*/stat 2>/dev/null | grep -q ') Z '
}

# many NAME RUNS SUDO_RUNS COMMAND [ARG...]
many() {
	local found

	BEFORE=$(everybody)
	found=$("$SANDBOX/storm" -j "$WORKERS" -n "$2" -s "$3" "$WRAPPER" "$SANDBOX_CONF" "${@:4}")
	tap_like "$1: $2 runs succeed" "$found" "^runs=$2 sudo=$3 passed=$2 succeeded=$2 errors=0 "
	tap_ok "$1: no zombie" wait_until no_zombie
	tap_ok "$1: no orphan" wait_until nobody_is_new
	printf '# %s: %s\n' "$1" "${found%% escapes=*}"
}

command -v cc >/dev/null || tap_skip_all 'needs a C compiler'
helper storm
filters <<-'END'
	[Filters]
	true: CommandFilter, true, root
	sh: CommandFilter, sh, root
	[Context log]
	filters = true
	log_exit = True
	[Context limit]
	filters = sh
	timeout = 600
END
many 'log_exit' "$DIRECT_RUNS" 0 true
many 'log_exit, sudo' "$SUDO_RUNS" "$SUDO_RUNS" true
many 'timeout, with children left behind' "$DIRECT_RUNS" 0 sh -c 'setsid true & true & exit 0'
many 'timeout, with children left behind, sudo' "$SUDO_RUNS" "$SUDO_RUNS" sh -c 'setsid true & true & exit 0'
tap_done
