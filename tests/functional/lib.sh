# shellcheck shell=bash
#
# For the functional tests: puts the test that sources it into the sandbox of scripts/sandbox.sh, with the programs
# under test in /usr/bin, a real sudo and a real rsyslogd.
#
#	#!/bin/bash
#	set -eu
#	. "$(dirname "$0")/lib.sh"
#	filters <<-'END'
#		[Filters]
#		true: CommandFilter, true, root
#	END
#	wrap true
#	tap_is 'true is allowed' "$STATUS" 0
#	tap_like 'and recorded' "$(audit_records)" ' allow .* filter=true '
#	tap_done
#
# Users: svc (2001), which sudo lets run `privsep-wrap /etc/app/rootwrap.conf *`, and app (2002), also in the group
# appextra (2100).  tests/tap.sh has the tap_ functions, scripts/sandbox.sh as_svc, as_user and wait_until.  $SANDBOX is a directory of root's for the test's files,
# $TMPDIR one for everybody's.

# shellcheck source=tests/tap.sh
. "${BASH_SOURCE[0]%/*}/../tap.sh"
# shellcheck source=scripts/sandbox.sh
. "${BASH_SOURCE[0]%/*}/../../scripts/sandbox.sh"

AUDIT_LOG=$SANDBOX/audit.log
AUDIT_SEEN=0

# capture COMMAND [ARG...]: its exit status in STATUS, what it wrote in OUT and ERR.
# shellcheck disable=SC2034     # the tests read them
capture() {
	STATUS=0
	"$@" >"$SANDBOX/out" 2>"$SANDBOX/err" || STATUS=$?
	OUT=$(<"$SANDBOX/out")
	ERR=$(<"$SANDBOX/err")
}

# wrap COMMAND [ARG...]: what the service would run.
wrap() {
	capture as_svc sudo -n privsep-wrap "$SANDBOX_CONF" "$@"
}

# filters [NAME] <TEXT: a filter file of the policy.
filters() {
	cat >"$SANDBOX_FILTERS/${1:-test}.filters"
}

# conf <TEXT: rootwrap.conf.
conf() {
	cat >"$SANDBOX_CONF"
}

conf_default() {
	conf <<-END
		[DEFAULT]
		filters_path = $SANDBOX_FILTERS
		audit_required = True
	END
}

# Each datagram on one line, its <priority> in front.
audit_start() {
	cat >"$SANDBOX/rsyslog.conf" <<-END
		global(workDirectory="$SANDBOX")
		module(load="imuxsock" SysSock.Use="off")
		input(type="imuxsock" Socket="/dev/log" CreatePath="off" UsePIDFromSystem="off" RateLimit.Interval="0")
		template(name="raw" type="string" string="%rawmsg%\n")
		action(type="omfile" file="$AUDIT_LOG" template="raw" fileCreateMode="0600")
	END
	: >>"$AUDIT_LOG"
	rsyslogd -n -f "$SANDBOX/rsyslog.conf" -i "$SANDBOX/rsyslogd.pid" >"$SANDBOX/rsyslogd.out" 2>&1 &
	wait_until test -S /dev/log || sandbox_give_up "$(cat "$SANDBOX/rsyslogd.out")"
}

# Stops rsyslogd, for tests of what happens without it.
audit_stop() {
	kill "$(cat "$SANDBOX/rsyslogd.pid")"
	wait_until test ! -e /dev/log -a ! -e "$SANDBOX/rsyslogd.pid" # another one starts only then
}

# Once rsyslogd has written all that it was sent.
audit_flush() {
	"$AUDIT_LOG_READER" mark "$AUDIT_LOG" >/dev/null
}

# audit_mark: audit_records will print what comes after.
audit_mark() {
	AUDIT_SEEN=$("$AUDIT_LOG_READER" mark "$AUDIT_LOG")
}

# The wrapper's records since audit_mark, as `<PRIORITY>privsep-wrap[PID]: RECORD`.
audit_records() {
	"$AUDIT_LOG_READER" records "$AUDIT_LOG" "$AUDIT_SEEN"
}

sandbox_give_up() {
	printf 'Bail out! %s\n' "$1"
	exit 1
}

sandbox_requirements() {
	local program build=$1

	[ "$(id -u)" -eq 0 ] || tap_skip_all 'needs root'
	for program in sudo rsyslogd setpriv unshare; do
		command -v "$program" >/dev/null || tap_skip_all "needs $program"
	done
	sandbox_possible 2>/dev/null || tap_skip_all 'needs namespaces of its own'
	for program in privsep-wrap privsep-wrapctl tests/audit_log; do
		[ -x "$build/$program" ] || sandbox_give_up "$build/$program is not built"
	done
}

sandbox_for_tests() {
	local build=${BUILD:-${BASH_SOURCE[0]%/*}/../../build}

	sandbox_inside || sandbox_requirements "$build"
	AUDIT_LOG_READER=$(realpath "$build/tests/audit_log")
	sandbox_enter "$0" "$@"
	# PID 1 of its namespace gets only the signals that it asks for.
	trap 'exit 130' INT
	trap 'exit 143' TERM
	sandbox_build "$build"
	sandbox_user app 2002
	sandbox_group appextra 2100 app
	conf_default
	audit_start
	audit_mark
}

sandbox_for_tests "$@"
