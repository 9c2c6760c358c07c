# shellcheck shell=bash
#
# Sourced after lib.sh and programs.sh: the ready-made examples of etc/examples, run by the programs they are for.

EXAMPLES=$(cd "${BASH_SOURCE[0]%/*}/../../../etc/examples" && pwd)
RECORDS=/var/log/privsep-wrap.log
JSON_RECORDS=/var/log/privsep-wrap.json

needs_program() {
	command -v "$1" >/dev/null || tap_skip_all "needs $1"
}

# The line that rsyslog.conf asks for.
trusting_module() {
	sed -n 's/^# *\(module(load="imuxsock" .*)\)$/\1/p' "$EXAMPLES/rsyslog.conf"
}

# syslog_conf MODULE EXAMPLE...: what the examples let pass is in $AUDIT_LOG.
syslog_conf() {
	local example

	printf '%s\n' "global(workDirectory=\"$SANDBOX\")" "$1" >"$SANDBOX/rsyslog.conf"
	for example in "${@:2}"; do
		printf 'include(file="%s")\n' "$EXAMPLES/$example" >>"$SANDBOX/rsyslog.conf"
	done
	printf 'action(type="omfile" file="%s" fileCreateMode="0600")\n' "$AUDIT_LOG" >>"$SANDBOX/rsyslog.conf"
}

# syslog_with MODULE EXAMPLE...: rsyslogd anew, and its logs.
syslog_with() {
	audit_stop
	rm -f "$AUDIT_LOG" "$RECORDS"* "$JSON_RECORDS"*
	syslog_conf "$@"
	: >"$AUDIT_LOG"
	rsyslogd -n -f "$SANDBOX/rsyslog.conf" -i "$SANDBOX/rsyslogd.pid" >"$SANDBOX/rsyslogd.out" 2>&1 &
	wait_until test -S /dev/log || sandbox_give_up "$(cat "$SANDBOX/rsyslogd.out")"
}

# owner_and_mode FILE
owner_and_mode() {
	stat -c '%U:%G %a' "$1"
}

getent group adm >/dev/null || sandbox_group adm 4
# Nothing of the machine's own logs is touched.
mount -t tmpfs -o mode=0755 log /var/log
