#!/bin/bash
# etc/examples/logrotate.conf by the real logrotate, while records are written: none is lost and none is cut.
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"
# shellcheck source=tests/functional/support/examples.sh
. "$(dirname "$0")/support/examples.sh"

AUDIT_FILE=/var/log/app.audit
RUNS=$SANDBOX/runs              # a line for each request

# Stands in for systemd, which does not run here: Debian's rsyslog-rotate asks it to signal rsyslogd.
service_manager() {
	mkdir -p /run/systemd/system
	cat >"$SANDBOX/bin/systemctl" <<-END
		#!/bin/sh
		[ "\$*" = 'kill -s HUP rsyslog.service' ] && kill -HUP "\$(cat $SANDBOX/rsyslogd.pid)"
	END
	chmod 0755 "$SANDBOX/bin/systemctl"
	touch /usr/bin/systemctl
	mount --bind "$SANDBOX/bin/systemctl" /usr/bin/systemctl
}

# Elsewhere than on Debian it is the line that the comment has.
install_example() {
	local file=$EXAMPLES/logrotate.conf

	cp "$file" /etc/logrotate.d/privsep-wrap
	[ -x /usr/lib/rsyslog/rsyslog-rotate ] ||
		sed -i "s|/usr/lib/rsyslog/rsyslog-rotate|$(sed -n 's/^#  *\(systemctl kill\)/\1/p' "$file")|" \
			/etc/logrotate.d/privsep-wrap
}

# rotate NAME [COMMAND...]: by logrotate, which COMMAND starts.
rotate() {
	capture "${@:2}" logrotate -v -f -s "$SANDBOX/logrotate.state" /etc/logrotate.d/privsep-wrap
	tap_is "$1: logrotate has no complaint" "$STATUS $(grep -ci '^error\|warning' <<<"$ERR")" '0 0'
}

request() {
	echo x >>"$RUNS"
	"$WRAPPER" "$SANDBOX_CONF" true
}

requests() {
	local count

	for ((count = 0; count < $1; count++)); do
		request
	done
}

# Until the file "enough" is there.
requests_meanwhile() {
	while ! [ -e "$SANDBOX/enough" ]; do
		request
	done
}

WHOLE='^[0-9T:.-]+(Z|[+-][0-9:]+) [^ ]+ privsep-wrap\[[0-9]+\]: allow id=([0-9a-f]{12}) .* cmd=true$'

# ids FILE...: of all records, sorted; a line that is no whole record counts as "cut".
ids() {
	zcat -f "$@" | sed -E "s/$WHOLE/\\2/; t; s/.*/cut/" | sort
}

longer_than() {
	[ "$(wc -l <"$1")" -gt "$2" ]
}

test_rotation() {
	local round before slowly=()

	for round in 1 2 3; do
		# Once, what usually fits between two steps of logrotate by chance does so for sure.
		[ "$round" -ne 2 ] ||
			slowly=(strace -f -qq -o /dev/null -e trace=rename -e inject=rename:delay_exit=1000000)
		requests 3
		rm -f "$SANDBOX/enough"
		before=$(wc -l <"$RUNS")
		requests_meanwhile &
		wait_until longer_than "$RUNS" "$((before + 3))"
		rotate "rotation $round" "${slowly[@]}"
		before=$(wc -l <"$RUNS")
		wait_until longer_than "$RUNS" "$((before + 3))"
		: >"$SANDBOX/enough"
		wait $!
		slowly=()
		audit_flush
	done
	tap_is 'each file is there under the names that it should have, and no other' "$(ls /var/log)" \
		"$(printf '%s\n' {app.audit,privsep-wrap.log}{,.1,.2.gz,.3.gz})"
	tap_is 'rsyslog: a record for each request' "$(ids "$RECORDS"* | uniq | wc -l)" "$(wc -l <"$RUNS")"
	tap_is 'audit_file: the same records, each once' "$(ids "$AUDIT_FILE"*)" "$(ids "$RECORDS"*)"
	tap_unlike 'none is cut' "$(ids "$AUDIT_FILE"* "$RECORDS"*)" cut
	tap_is 'rsyslog: owner and mode, new and old' "$(owner_and_mode "$RECORDS") $(owner_and_mode "$RECORDS.1")" \
		'root:adm 640 root:adm 640'
	tap_is 'audit_file: owner and mode, new and old' "$(owner_and_mode "$AUDIT_FILE") $(owner_and_mode "$AUDIT_FILE.1")" \
		'root:root 600 root:root 600'
}

exit_recorded() {
	grep -q ': exit id=.* filter=waits status=0 ' "$AUDIT_FILE"
}

# What is under way goes on in the new files.
test_under_way() {
	mkfifo -m 0666 "$TMPDIR/until"
	"$WRAPPER" "$SANDBOX_CONF" waits &
	wait_until grep -q ': allow .* filter=waits ' "$AUDIT_FILE"
	rotate 'under way'
	tap_ok 'under way: the record of the start is in the old file' grep -q ': allow .* filter=waits ' "$AUDIT_FILE.1"
	: >"$TMPDIR/until"
	wait $!
	tap_ok 'under way: that of the end is in the new one' exit_recorded
	audit_flush
	tap_like 'under way: so it is with rsyslog' "$(cat "$RECORDS")" ': exit id=.* filter=waits status=0 '
}

test_json() {
	syslog_with "$(trusting_module)" rsyslog-json.conf rsyslog.conf
	conf_with <<<'audit_format = json'
	requests 1
	audit_flush
	rotate 'JSON'
	requests 2
	audit_flush
	tap_is 'JSON: rotated with the others' "$(wc -l <"$JSON_RECORDS.1") $(wc -l <"$JSON_RECORDS")" '1 2'
	tap_is 'JSON: owner and mode' "$(owner_and_mode "$JSON_RECORDS")" 'root:adm 640'
}

needs_program logrotate
service_manager
install_example
policy <<-'END'
	true: CommandFilter, true, root
	waits: CommandFilter, waits, app
	[Context waits]
	filters = waits
	log_exit = True
END
program waits <<-END
	#!/bin/sh
	read -r line <$TMPDIR/until
	exit 0
END
conf_with <<<"audit_file = $AUDIT_FILE"
syslog_with "$(trusting_module)" rsyslog.conf
tap_unlike 'nothing is copied and truncated' "$(sed '/^#/d' "$EXAMPLES/logrotate.conf")" copytruncate
test_rotation
test_under_way
test_json
tap_done
