# shellcheck shell=bash
#
# Sourced after lib.sh and programs.sh: requests whose records are read back, by the rules of the manual and
# nothing of the wrapper's own code.

TRAIL_FILE=$SANDBOX/trail.log           # the conf's audit_file
SUPPORT=${BASH_SOURCE[0]%/*}

# trail_policy: a program for each kind of record.
trail_policy() {
	policy <<-'END'
		allowed: CommandFilter, allowed, root
		ghost: CommandFilter, ghost, nobody-knows
		broken: CommandFilter, broken, root
		end: CommandFilter, end, root
		[Context end]
		filters = end
		log_exit = True
	END
	printf '#!/bin/true\n' | tee "$EXEC/allowed" >"$EXEC/ghost"
	program end <<-'END'
		#!/bin/sh
		case $1 in
		exit) exit "$2" ;;
		kill) kill -"$2" $$ ;;
		esac
	END
	printf '#!/nonexistent\n' >"$EXEC/broken"
	chmod 0755 "$EXEC"/*
}

# trail_conf FORM [LINE...]
trail_conf() {
	conf_with <<-END
		audit_required = True
		audit_file = $TRAIL_FILE
		audit_format = $1
		$(printf '%s\n' "${@:2}")
	END
}

# run_command NAME PROGRAM: that command of commands.py through sudo; its words are in $SANDBOX/wanted.
run_command() {
	local words

	/usr/bin/python3 "$SUPPORT/commands.py" "$1" "$2" >"$SANDBOX/wanted"
	mapfile -d '' -t words <"$SANDBOX/wanted"
	rm -f "$TRAIL_FILE"
	wrap "${words[@]}"
}

# reads_back NAME FORM TRANSPORT KINDS <LINES: they are the records of the command that was run.
reads_back() {
	local complaint

	if complaint=$(/usr/bin/python3 "$SUPPORT/trail.py" "${@:2}" 2>&1 >"$SANDBOX/got") &&
		complaint=$(cmp "$SANDBOX/got" "$SANDBOX/wanted" 2>&1); then
		tap_pass "$1"
	else
		tap_fail "$1" "$complaint"
	fi
}

# bare_records <LINES: without what the transport puts in front.
bare_records() {
	sed -E 's/^(<[0-9]+>|[0-9-]{10}T[0-9:]{8}\.[0-9]{6}Z sandbox )privsep-wrap\[[0-9]+\]: //'
}

# reassembled FORM: the file's records as the control program puts them together, in that form.
reassembled() {
	case $1 in
	text) privsep-wrapctl report --reassemble "$TRAIL_FILE" ;;
	json) privsep-wrapctl report --reassemble --json "$TRAIL_FILE" | sed -E 's/^\{"time":"[^"]+",/@cee: {/' ;;
	esac
}

# run_reads_back COMMAND PROGRAM STATUS FORM KINDS: from syslog, and the file has the same.
run_reads_back() {
	audit_mark
	run_command "$1" "$2"
	tap_is "$5: $1: the status" "$STATUS" "$3"
	audit_records >"$SANDBOX/records"
	reads_back "$5: $1: read back" "$4" raw "$5" <"$SANDBOX/records"
	tap_is "$5: $1: the file has the same" \
		"$(bare_records <"$TRAIL_FILE" | md5sum)" "$(bare_records <"$SANDBOX/records" | md5sum)"
	reads_back "$5: $1: put together" "$4" report "$5" < <(reassembled "$4")
}

# each_kind_reads_back FORM
each_kind_reads_back() {
	local name

	for name in $(/usr/bin/python3 "$SUPPORT/commands.py" | grep -v too-long); do
		run_reads_back "$name" nonsense 99 "$1" deny
	done
	for name in every-byte imitation padding-before; do
		run_reads_back "$name" allowed 0 "$1" allow
		run_reads_back "$name" ghost 97 "$1" error
	done
	run_reads_back whole allowed 0 "$1" allow
	run_reads_back padding-before broken 127 "$1" allow,error
	run_reads_back padding-before end 0 "$1" allow,exit
}

# last_record NAME ERE: the last run's last one, in syslog and in the file, from its first to its last byte.
last_record() {
	tap_like "$1: in syslog" "$(audit_records | tail -n 1 | bare_records)" "^$2\$"
	tap_like "$1: in the file" "$(tail -n 1 "$TRAIL_FILE" | bare_records)" "^$2\$"
}
