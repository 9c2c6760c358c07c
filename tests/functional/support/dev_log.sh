# shellcheck shell=bash disable=SC2034    # the tests read the variables
#
# Sourced after lib.sh and programs.sh: runs of the canary while /dev/log is not what it should be.  confs first.

LOST='privsep-wrap: An audit record was lost: /dev/log: '
NOT_RUN='privsep-wrap: The command was not run, because it could not be recorded: /dev/log: '
NOT_TAKEN='the syslog daemon does not take records'
NO_USER='the filter'\''s run-as user does not exist'
PATIENT=30      # seconds: nothing may hang, however slow the machine

# confs [LINE...]: required.conf, where the record is required, wanted.conf, which writes use_syslog,
# silent.conf, which does not, and off.conf.
confs() {
	local name

	for name in required:audit_required=True wanted:use_syslog=True silent: off:use_syslog=False; do
		conf_with < <(printf '%s\n' "${name#*:}" "$@")
		cp "$SANDBOX_CONF" "/etc/app/${name%%:*}.conf"
	done
	# Messages of sudo and PAM would be in the way, and block them.
	printf '%s\n' 'Defaults !syslog' "svc ALL=(root) NOPASSWD: $WRAPPER /etc/app/*.conf *" >/etc/sudoers.d/app
	printf '%s required pam_permit.so\n' auth account password session >/etc/pam.d/sudo
}

# run_with CONF COMMAND [ARG...]: by svc through sudo.  RESULT: its status, whether the canary ran, what was said.
run_with() {
	capture timeout "$PATIENT" setpriv --reuid=svc --regid=svc --init-groups --reset-env -- \
		sudo -n "$WRAPPER" "/etc/app/$1.conf" "${@:2}"
	RESULT="$STATUS $(canary) $ERR"
}

# daemon KIND [NUMBER]: the one of dev_log.py; what it receives is in $SANDBOX/received.
daemon() {
	rm -f /dev/log
	: >"$SANDBOX/received"
	/usr/bin/python3 "${BASH_SOURCE[0]%/*}/dev_log.py" "$@" >>"$SANDBOX/received" &
	DAEMON=$!
	wait_until test -S /dev/log
}

daemon_end() {
	kill "$DAEMON" 2>/dev/null || true      # it may have ended by itself
	wait "$DAEMON" 2>/dev/null || true
	rm -f /dev/log
}

# refused_log NAME REASON: what is at /dev/log takes no record at all, and that is told.
refused_log() {
	run_with required canary
	tap_is "$1, required: nothing runs" "$RESULT" "97 no $NOT_RUN$2"
	run_with wanted canary
	tap_is "$1, use_syslog on: it runs, and the loss is told" "$RESULT" "0 yes $LOST$2"
	run_with silent canary
	tap_is "$1, nothing written: it runs, and the loss is told" "$RESULT" "0 yes $LOST$2"
	denied_log "$1" $'\n'"$LOST$2"
}

# denied_log NAME MESSAGE: requests that send no record, or run nothing anyway.
denied_log() {
	run_with off canary
	tap_is "$1, use_syslog off: it runs in silence" "$RESULT" '0 yes '
	run_with required nonsense
	tap_is "$1: a denial stays one" "$RESULT" \
		"99 no privsep-wrap: Unauthorized command: nonsense (no filter matched)$2"
	run_with required ghost
	tap_is "$1: an error stays one" "$RESULT" \
		"97 no privsep-wrap: Incorrect value in $SANDBOX_FILTERS/test.filters:3: $NO_USER$2"
}

# A command of so many parts that no queue holds them: 250,000 bytes.
long_command() {
	printf "%s\n" canary "$(printf '%125000s' '' | tr ' ' x)" "$(printf '%125000s' '' | tr ' ' y)"
}
