#!/bin/bash
# How the wrapper ends and what it says: 96, 98, 99, 126 and 127, and otherwise as the command itself.  95 and 97
# have tests of their own: not_confined.sh and bad_config.sh.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"

# ends NAME STATUS MESSAGE: what `wrap` got, with nothing on standard output.
ends() {
	tap_is "$1" "$STATUS $OUT$ERR" "$2 $3"
}

test_missing_program() {
	wrap gone
	ends '96: no such program' 96 'privsep-wrap: Executable not found: gone (filter match = gone)'
	wrap absolute
	ends '96: no such path' 96 'privsep-wrap: Executable not found: /usr/bin/absolute (filter match = absolute)'
	wrap plain
	ends '96: a file that nobody may execute' 96 'privsep-wrap: Executable not found: plain (filter match = plain)'
	wrap later
	ends '96: only if no later filter has a program' 0 later
}

test_untrusted_program() {
	program loose <<<'#!/bin/sh'
	chmod g+w "$EXEC/loose"
	audit_mark
	wrap loose
	tap_is '96: a program that others can change' "$STATUS" 96
	tap_like '96: why' "$ERR" \
		"^privsep-wrap: Executable not found: loose \(filter match = loose\): $EXEC/loose: owned by uid 0, mode 0775: "
	tap_like '96: recorded' "$(audit_records)" '^<85>.* deny .* filter=loose .* exe=- reason=unsafe-program argc=1 cmd=loose$'
}

test_untrusted_directory() {
	mkdir "$SANDBOX/theirs"
	cp "$EXEC/canary" "$SANDBOX/theirs/elsewhere"
	chown svc: "$SANDBOX/theirs"
	sed -i "s|^exec_dirs = |&$SANDBOX/theirs, |" "$SANDBOX_CONF"
	wrap elsewhere
	tap_is '96: only in a directory that others can change' "$STATUS $(canary)" '96 no'
	tap_like '96: the directory is named' "$ERR" \
		"\(filter match = elsewhere\): $SANDBOX/theirs was passed over: $SANDBOX/theirs: owned by uid 2001, mode 0755: "
	allowed '96: what stands in the other directories' 'later'
	wrap printenv PATH
	tap_is 'PATH holds the trusted directories only' "$OUT" "$EXEC:/usr/sbin:/usr/bin"
	conf_with <<<'audit_required = True'
}

# Not through sudo: its rule asks for a command.
test_no_command() {
	capture "$WRAPPER"
	ends '98: no argument' 98 'privsep-wrap: No command specified'
	capture "$WRAPPER" "$SANDBOX_CONF"
	ends '98: no command' 98 'privsep-wrap: No command specified'
}

test_unauthorized() {
	wrap rm -rf '/x y' "it's"
	ends '99: no filter matched' 99 \
		"privsep-wrap: Unauthorized command: rm -rf '/x y' \$'it\\'s' (no filter matched)"
	wrap $'\e[2J\e]0;title\a' $'line\r\nallow id=1' $'\x9b31m' $'caf\xc3\xa9' $'del\x7f'
	tap_is '99: nothing but printable ASCII and one newline' \
		"$STATUS $(LC_ALL=C tr -d ' -~' <"$SANDBOX/err" | od -An -c | tr -d ' ')" '99 \n'
	tap_like '99: the words are escaped' "$ERR" "\\\$'\\\\033\[2J\\\\033\]0;title\\\\007' \\\$'line\\\\015\\\\012allow id=1'"
}

test_cannot_execute() {
	printf '\177ELF that is none' >"$EXEC/junk"
	chmod 0755 "$EXEC/junk"
	program no-interpreter <<<'#!/nonexistent/interpreter'
	audit_mark
	wrap junk
	ends '126: no format that the kernel knows' 126 "privsep-wrap: $EXEC/junk: Exec format error"
	wrap no-interpreter
	ends '127: no interpreter' 127 "privsep-wrap: $EXEC/no-interpreter: No such file or directory"
	tap_is 'each has an allow record and an error record' "$(audit_records |
		sed -E "s/^<([0-9]+)>privsep-wrap\[[0-9]+\]: ([a-z]+) .* (exe|path)=([^ ]*).* cmd=/\1 \2 \4 /")" \
		"$(printf '%s\n' "86 allow $EXEC/junk junk" "83 error $EXEC/junk junk" \
			"86 allow $EXEC/no-interpreter no-interpreter" "83 error $EXEC/no-interpreter no-interpreter")"
}

test_own_status() {
	local status got='' wanted=''

	for status in 0 1 2 42 95 96 97 98 99 124 126 127 128 129 143 254 255; do
		wrap sh -c "exit $status"
		got+="$STATUS$OUT$ERR "
		wanted+="$status "
	done
	tap_is 'the command'\''s own status' "$got" "$wanted"
}

# Python tells an exit of 143 from a death by TERM.  Core files are off in the command, so also outside.
test_signals() {
	local how

	ulimit -c 0
	for how in direct sudo; do
		tap_is "death by a signal is seen as such, $how" \
			"$(as_how "$how" /usr/bin/python3 "$SANDBOX/deaths.py" "$how" "$WRAPPER" "$SANDBOX_CONF" 2>&1)" ''
	done
}

as_how() {
	if [ "$1" = sudo ]; then
		as_svc "${@:2}"
	else
		"${@:2}"
	fi
}

cp "$(dirname "$0")/support/deaths.py" "$SANDBOX/"
echo 'not a program' >"$EXEC/plain"
program later <<-'END'
	#!/bin/sh
	echo later
END
policy <<-'END'
	gone: CommandFilter, gone, root
	absolute: CommandFilter, /usr/bin/absolute, root
	plain: CommandFilter, plain, root
	missing: RegExpFilter, no-such-program, root, later
	later: CommandFilter, later, root
	loose: CommandFilter, loose, root
	elsewhere: CommandFilter, elsewhere, root
	junk: CommandFilter, junk, root
	no-interpreter: CommandFilter, no-interpreter, root
	printenv: CommandFilter, printenv, root
	sh: CommandFilter, sh, root
END
test_missing_program
test_untrusted_program
test_untrusted_directory
test_no_command
test_unauthorized
test_cannot_execute
test_own_status
test_signals
tap_done
