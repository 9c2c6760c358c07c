# shellcheck shell=bash
#
# Sourced after lib.sh: what the attacks by variables share; a program `state` tells its environment.

# environment: what the command found, behind the six that it always has.
environment() {
	grep '^env ' <<<"$OUT" | grep -vxF -e "env PATH=$EXEC:/usr/sbin:/usr/bin" -e 'env HOME=/root' \
		-e 'env USER=root' -e 'env LOGNAME=root' -e 'env SHELL=/bin/sh' -e 'env LANG=C.UTF-8' |
		sed 's/^env //' | sort | paste -sd ' '
}

# only ASPECT [VARIABLES]: the command ran with the six and these.
only() {
	case_is "$1: the six" "$STATUS $(grep -c '^env ' <<<"$OUT")" "0 $((6 + $(wc -w <<<"${2-}")))"
	case_is "$1: and no more" "$(environment)" "${2-}"
}

cc -std=c11 -D_GNU_SOURCE -O2 -o "$EXEC/state" "${BASH_SOURCE[0]%/*}/state.c"
