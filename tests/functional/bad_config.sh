#!/bin/bash
# Exit status 97: a configuration that cannot be used.  One line says where, nothing runs, an error record is left, and
# what the file holds is never shown: its path may be the caller's own choice.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"

SECRET=hunter2                          # in every bad line

# where TEXT: the first FILE:LINE of it, FILE without directories.
where() {
	sed -n -E '1s/^privsep-wrap: Incorrect configuration file: ([^ ]*\/)?([^/ :]+(:[0-9]+)?): .*/\2/p' <<<"$1"
}

shown() {
	if grep -q "$SECRET" <<<"$1"; then
		echo shown
	else
		echo unshown
	fi
}

# Priority, kind, reason, file and line of each record.
records_in_short() {
	sed -E -e 's/^(<[0-9]+>)[^ ]+ ([a-z]+) .* (reason=[^ ]+) path=([^ ]*\/)?([^/ ]+)( line=([0-9]+))? .*/\1 \2 \3 \5:\7/' \
		-e 's/:$//'
}

# useless NAME WHERE [REASON]: the run that `capture` saw ended with 97 because of WHERE.
useless() {
	local records

	records=$(audit_records)
	audit_mark
	tap_is "$1" "$STATUS $(canary) $(where "$ERR") $(shown "$OUT$ERR$records") $(records_in_short <<<"$records")" \
		"97 no $2 unshown <83> error reason=${3-bad-config} $2"
}

# bad_value KEY VALUE: @ stands for the secret.
bad_value() {
	conf_with <<<"$1 = ${2//@/$SECRET}"
	direct canary
	useless "$1 = $(printf %q "$2")" rootwrap.conf:4
}

test_values() {
	local key value

	while read -r key value; do
		bad_value "$key" "$value"
	done <<-'END'
		use_syslog @
		use_syslog 2
		use_syslog
		use_syslog True False
		syslog_log_facility @
		syslog_log_facility LOG_@
		syslog_log_facility LOG_
		syslog_log_facility
		syslog_log_level @
		syslog_log_level 20
		syslog_log_level
		audit_file /var/log/@/
		audit_format xml
		audit_format @
		audit_required @
		rlimit_nofile @
		rlimit_nofile 0
		rlimit_nofile 2
		rlimit_nofile -1
		rlimit_nofile +64
		rlimit_nofile 0x400
		rlimit_nofile 1e3
		rlimit_nofile 1048577
		rlimit_nofile 99999999999999999999
		rlimit_nofile
		env_keep @=1
		env_keep *
		env_keep *@
		env_keep A*@
		env_keep LD_PRELOAD
		env_keep LD_*
		env_keep GLIBC_TUNABLES
		env_keep GCONV_PATH
		env_keep PATH
		env_keep @,,B
		env_keep
		implicit_privsep_helper @
		daemon_timeout @
		daemon_timeout -1
	END
}

# bad_conf NAME WHERE <TEXT: the whole rootwrap.conf.
bad_conf() {
	conf
	direct canary
	useless "$1" "$2"
}

test_directories() {
	bad_conf 'filters_path is missing' rootwrap.conf <<<'[DEFAULT]'
	bad_conf 'filters_path has an empty entry' rootwrap.conf:2 <<<$'[DEFAULT]\nfilters_path = /etc/app/filters.d,,/'"$SECRET"
	bad_conf 'filters_path is empty' rootwrap.conf:2 <<<$'[DEFAULT]\nfilters_path ='
	bad_conf 'exec_dirs has an empty entry' rootwrap.conf:3 <<-END
		[DEFAULT]
		filters_path = /etc/app/filters.d
		exec_dirs = /usr/bin, $SECRET,
	END
	bad_conf 'exec_dirs has many entries, the last one empty' rootwrap.conf:3 <<-END
		[DEFAULT]
		filters_path = /etc/app/filters.d
		exec_dirs = $(printf '/a/%d, ' {1..2000})
	END
	bad_conf 'exec_dirs with a colon' rootwrap.conf:3 <<-END
		[DEFAULT]
		filters_path = /etc/app/filters.d
		exec_dirs = /usr/bin:/$SECRET
	END
	bad_conf 'audit_required without use_syslog' rootwrap.conf <<-END
		[DEFAULT]
		filters_path = /etc/app/filters.d
		audit_required = True
		use_syslog = False
		$SECRET = unknown keys are no error
	END
}

test_contexts() {
	bad_conf 'a context other than the default one' rootwrap.conf:3 <<-END
		[DEFAULT]
		filters_path = /etc/app/filters.d
		[Context $SECRET]
	END
	bad_conf 'a bad value in the default context' rootwrap.conf:4 <<-END
		[DEFAULT]
		filters_path = /etc/app/filters.d
		[Context default]
		capabilities = $SECRET
	END
}

# bad_text NAME LINE TEXT: the text, in the escapes of printf %b, as rootwrap.conf and as a filter file.
bad_text() {
	printf '%b' "$3" >"$SANDBOX/text"
	bad_conf "rootwrap.conf: $1" "rootwrap.conf:$2" <"$SANDBOX/text"
	conf_with <<<'audit_required = True'
	filters broken <"$SANDBOX/text"
	direct canary
	useless "filter file: $1" "broken.filters:$2"
	rm "$SANDBOX_FILTERS/broken.filters"
}

test_text() {
	bad_text 'no section' 1 "$SECRET = 1\n"
	bad_text 'text that is none' 2 "[DEFAULT]\n$SECRET\n[Filters]\n"
	bad_text 'text after a comment' 3 "[DEFAULT]\n# x\n$SECRET\n"
	bad_text 'a section that is not closed' 1 "[DEFAULT $SECRET\n"
	bad_text 'a NUL byte' 2 "[DEFAULT]\n$SECRET = a\\0b\n"
	bad_text 'bytes that are not UTF-8' 2 "[DEFAULT]\n$SECRET = \\xff\n"
	bad_text 'a byte-order mark' 1 "\\xef\\xbb\\xbf[DEFAULT]\n$SECRET = 1\n"
	bad_text 'a line of 65,534 bytes' 2 "[DEFAULT]\n$SECRET = $(printf '%65524s' '' | tr ' ' x)\n"
	bad_conf 'rootwrap.conf: a key twice' rootwrap.conf:3 <<<$'[DEFAULT]\nfilters_path = /a\nfilters_path = /'"$SECRET"
	bad_conf 'rootwrap.conf: a section twice' rootwrap.conf:3 <<<$'[DEFAULT]\n[x]\n[x]\ny = '"$SECRET"
}

test_large_file() {
	{
		echo '[DEFAULT]'
		yes "# $SECRET" | head -c $((1 << 20))
	} >"$SANDBOX/text"
	bad_conf 'rootwrap.conf: over 1 MiB' rootwrap.conf <"$SANDBOX/text"
}

# The longest line there may be: what stands at its end counts.
test_long_line() {
	local filter='RegExpFilter, canary, root, canary, end'

	conf_with <<<'audit_required = True'
	policy <<<"$(printf "%$((65533 - ${#filter} - 2))s" '' | tr ' ' n): $filter"
	wrap canary other
	tap_is 'a filter of 65,533 bytes: its last field restricts' "$STATUS $(canary)" '99 no'
	wrap canary end
	tap_is 'a filter of 65,533 bytes: and allows' "$STATUS $(canary)" '0 yes'
	audit_mark
}

# What a sudoers line without the conf's path would let a caller try.
test_foreign_files() {
	local file

	sed -i "s/^svc:.*/svc:\$6\$$SECRET:19000::::::/" /etc/shadow
	for file in /etc/shadow /etc/passwd; do
		capture "$WRAPPER" "$file" canary
		useless "conf $file" "${file##*/}:1"
	done
	mkfifo "$SANDBOX/fifo"
	for file in "$SANDBOX/fifo" /dev/zero "$SANDBOX"; do
		capture timeout 60 "$WRAPPER" "$file" canary
		useless "conf ${file##*/}" "${file##*/}" unsafe-path
	done
	capture "$WRAPPER" /etc/app/none.conf canary
	useless 'no conf' none.conf
	capture "$WRAPPER" rootwrap.conf canary
	useless 'conf by a relative path' rootwrap.conf
}

policy <<<'canary: CommandFilter, canary, root'
allowed 'all is well before' canary
tap_is 'and the canary runs' "$(canary)" yes
audit_mark
test_values
test_directories
test_contexts
test_text
test_large_file
test_long_line
test_foreign_files
tap_done
