# shellcheck shell=bash
#
# Sourced after lib.sh: programs for a policy to name, and short words for the questions that most tests ask.

WRAPPER=/usr/bin/privsep-wrap
EXEC=$SANDBOX/exec                      # root's; first in exec_dirs
CANARY_MARK=$TMPDIR/canary-ran          # where any user can leave it

# program NAME <TEXT: a script in $EXEC.
program() {
	cat >"$EXEC/$1"
	chmod 0755 "$EXEC/$1"
}

# helper NAME: compiles support/NAME.c to $SANDBOX/NAME.
helper() {
	cc -std=c11 -D_GNU_SOURCE -O2 -o "$SANDBOX/$1" "${BASH_SOURCE[0]%/*}/$1.c"
}

# conf_with <TEXT: lines of [DEFAULT], after those that every test wants.
conf_with() {
	{
		printf '%s\n' '[DEFAULT]' "filters_path = $SANDBOX_FILTERS" "exec_dirs = $EXEC, /usr/sbin, /usr/bin"
		cat
	} | conf
}

# policy <TEXT: the lines of [Filters]; the first is line 2 of test.filters.
policy() {
	{
		echo '[Filters]'
		cat
	} | filters test
}

# direct COMMAND [ARG...]: the wrapper without sudo, by root, so that nothing stands between it and the test.
direct() {
	capture "$WRAPPER" "$SANDBOX_CONF" "$@"
}

# wrap_from DIRECTORY COMMAND [ARG...]
wrap_from() {
	# shellcheck disable=SC2016     # expanded by svc's shell
	capture as_svc sh -c 'cd "$1" && shift && exec sudo -n privsep-wrap "$@"' sh "$1" "$SANDBOX_CONF" "${@:2}"
}

# allowed NAME COMMAND [ARG...]: through sudo; it succeeds and nothing is said.
allowed() {
	wrap "${@:2}"
	tap_is "$1: allowed" "$STATUS$ERR" 0
}

# refused NAME COMMAND [ARG...]: through sudo; nothing but the denial is seen.
refused() {
	wrap "${@:2}"
	tap_is "$1: refused" "$STATUS ${OUT:-silence} ${ERR%%:*}" '99 silence privsep-wrap'
}

# refused_from DIRECTORY NAME COMMAND [ARG...]
refused_from() {
	wrap_from "$1" "${@:3}"
	tap_is "$2: refused" "$STATUS ${OUT:-silence} ${ERR%%:*}" '99 silence privsep-wrap'
}

# Whether the canary ran since the last question: "yes" or "no".
canary() {
	if rm "$CANARY_MARK" 2>/dev/null; then
		echo yes
	else
		echo no
	fi
}

mkdir "$EXEC"
program canary <<-END
	#!/bin/sh
	echo ran >>$CANARY_MARK
END
conf_with <<<'audit_required = True'
