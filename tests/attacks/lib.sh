# shellcheck shell=bash
#
# For tests/attacks/*.sh: each case has an ID, says what is tried and asserts the exact outcome.
#
#	#!/bin/bash
#	set -eu
#	. "$(dirname "$0")/lib.sh"
#	attack_newline_behind_pattern() {
#		policy <<<'cat: RegExpFilter, cat, root, cat, /srv/a'
#		wrap cat $'/srv/a\n'
#		case_is 'denied and nothing said' "$STATUS$OUT" 99
#		case_record 'recorded' ' deny .* reason=no-match '
#	}
#	attack MATCH-01 'a newline behind what a pattern ends with' attack_newline_behind_pattern
#	tap_done
#
# Everything runs in the sandbox of tests/functional/lib.sh: real sudo, a real syslog daemon, the user svc, namespaces
# and an /etc of its own, gone with the test even if it is killed.
#
#	ATTACKS="MATCH-01 MATCH-02"     only these cases

# shellcheck source=tests/functional/lib.sh
. "${BASH_SOURCE[0]%/*}/../functional/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "${BASH_SOURCE[0]%/*}/../functional/support/programs.sh"

export LC_ALL=C                         # bytes are bytes
CASE=                                   # ID of the case that runs

# attack ID TEXT FUNCTION: one case; each begins with a canary that has not run and without records.
attack() {
	[[ -z ${ATTACKS-} || " $ATTACKS " == *" $1 "* ]] || return 0
	CASE=$1
	printf '# %s: %s\n' "$1" "$2"
	canary >/dev/null
	audit_mark
	"$3"
}

# case_is ASPECT GOT WANTED, case_like ASPECT TEXT ERE, case_unlike ASPECT TEXT ERE, case_ok ASPECT COMMAND [ARG...]
case_is() {
	tap_is "$CASE: $1" "$2" "$3"
}

case_like() {
	tap_like "$CASE: $1" "$2" "$3"
}

case_unlike() {
	tap_unlike "$CASE: $1" "$2" "$3"
}

case_ok() {
	tap_ok "$CASE: $1" "${@:2}"
}

# case_record ASPECT ERE: exactly one record since the last question, and it matches.
case_record() {
	local records

	records=$(audit_records)
	audit_mark
	if [ "$(grep -c . <<<"$records")" -eq 1 ]; then
		case_like "$1" "$records" "$2"
	else
		tap_fail "$CASE: $1" 'not one record:' "$records"
	fi
}

# denied ASPECT COMMAND [ARG...]: by svc through sudo; status 99, no output, one record, the canary has not run.
denied() {
	wrap "${@:2}"
	case_is "$1: denied" "$STATUS ${OUT:-silence} $(canary)" '99 silence no'
	case_record "$1: recorded" ': deny .* reason='
}

# refused_with STATUS REASON ASPECT COMMAND [ARG...]: the same for another status, with the reason of its record.
refused_with() {
	wrap "${@:4}"
	case_is "$3: refused" "$STATUS ${OUT:-silence} $(canary)" "$1 silence no"
	case_record "$3: recorded" ": (deny|error) .* reason=$2( |\$)"
}

# permitted ASPECT COMMAND [ARG...]: the honest neighbour of an attack, which shows that the policy is in force.
permitted() {
	wrap "${@:2}"
	case_is "$1: runs" "$STATUS" 0
	case_record "$1: recorded" ': allow '
}
