# shellcheck shell=bash
#
# Sourced after lib.sh: a real systemd-journald in the place of rsyslogd.  journalctl sees its journal and no other.

JOURNALD_PROGRAM=/lib/systemd/systemd-journald

journald_requirements() {
	[ -x "$JOURNALD_PROGRAM" ] || tap_skip_all 'needs systemd-journald'
	command -v journalctl >/dev/null || tap_skip_all 'needs journalctl'
}

journald_start() {
	[ ! -S /dev/log ] || audit_stop
	# Another machine's journal: that of the real one stays out of sight.
	tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id
	mkdir -p /run/systemd/journal
	printf '%s\n' '[Journal]' Storage=volatile RateLimitIntervalSec=0 ReadKMsg=no Audit=no ForwardToSyslog=no \
		>/etc/systemd/journald.conf
	"$JOURNALD_PROGRAM" >"$SANDBOX/journald.out" 2>&1 &
	JOURNALD=$!
	wait_until test -S /run/systemd/journal/dev-log || sandbox_give_up "$(cat "$SANDBOX/journald.out")"
	ln -s /run/systemd/journal/dev-log /dev/log
}

journald_stop() {
	kill "$JOURNALD"
	wait "$JOURNALD" || true
	rm -rf /dev/log /run/systemd/journal
}

journald_holds() {
	journalctl -q --no-pager -o cat -t sandbox | grep -q -e "$1"
}

# journald keeps the order: once our mark is in the journal, all that came before is.
journald_flush() {
	local mark

	mark=mark-$(date +%s%N)
	logger -t sandbox "$mark"
	wait_until journald_holds "$mark" || sandbox_give_up 'journald does not take messages'
}
