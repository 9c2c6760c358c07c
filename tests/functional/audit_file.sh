#!/bin/bash
# audit_file: whose it is and where it may be, beside syslog and without, on a full disk, and over a rotation.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"
# shellcheck source=tests/functional/support/dev_log.sh
. "$(dirname "$0")/support/dev_log.sh"

TRAIL=$SANDBOX/trail                    # root's directory
TRAIL_FILE=$TRAIL/audit.log
FILE_LOST='privsep-wrap: An audit record was lost: '
FILE_NOT_RUN='privsep-wrap: The command was not run, because it could not be recorded: '
UNFIT="$TRAIL_FILE: it must be a regular file that root owns and that nobody else can write (chmod 0600)"

test_made() {
	run_with required canary
	tap_is 'made: it runs' "$RESULT" '0 yes '
	tap_is 'made: mode, owner' "$(stat -c '%a %u %g' "$TRAIL_FILE")" '600 0 0'
	tap_is 'one line, and the same record is in syslog' \
		"$(sed 's/.* privsep-wrap\[/privsep-wrap[/' "$TRAIL_FILE")" "$(audit_records | sed 's/^<[0-9]*>//')"
	printf 'kept\n' >"$TRAIL_FILE"
	run_with required canary
	tap_is 'it is appended to' "$(head -n 1 "$TRAIL_FILE") $(wc -l <"$TRAIL_FILE")" 'kept 2'
	capture sh -c "umask 0; $WRAPPER /etc/app/required.conf canary"
	canary >/dev/null
	chmod 0640 "$TRAIL_FILE"
	run_with required canary
	tap_is 'one that a group may read is taken' "$RESULT $(stat -c %a "$TRAIL_FILE")" '0 yes  640'
	rm "$TRAIL_FILE"
	(umask 0 && exec "$WRAPPER" /etc/app/required.conf canary)
	tap_is 'made under an umask of 0: mode' "$(stat -c %a "$TRAIL_FILE")" 600
	canary >/dev/null
}

# unfit NAME REASON: the file is not taken; syslog gets its record all the same, and that the command was not run.
unfit() {
	audit_mark
	run_with required canary
	tap_is "$1, required: nothing runs" "$RESULT" "97 no $FILE_NOT_RUN$2"
	run_with silent canary
	tap_is "$1: it runs, and the loss is told" "$RESULT" "0 yes $FILE_LOST$2"
	run_with file-only canary
	tap_is "$1, required, without syslog: nothing runs" "$RESULT" "97 no $FILE_NOT_RUN$2"
	run_with required nonsense
	tap_is "$1: a denial stays one" "$STATUS $(tail -n 1 <<<"$ERR")" "99 $FILE_LOST$2"
	audit_records | sed -E 's/^<[0-9]+>//' >"$SANDBOX/records"
	tap_is "$1: syslog has all but those it should not" "$(kinds "$SANDBOX/records")" 'allow error allow deny'
	tap_like "$1: what was not run is told in syslog" "$(sed -n 2p "$SANDBOX/records")" \
		" reason=not-recorded detail=.*$TRAIL_FILE: .* argc=1 cmd=canary\$"
}

test_unfit() {
	rm -f "$TRAIL_FILE"
	: >"$TRAIL_FILE"
	chmod 0622 "$TRAIL_FILE"
	unfit 'writable by others' "$UNFIT"
	tap_is 'writable by others: nothing was written' "$(cat "$TRAIL_FILE")" ''
	chmod 0600 "$TRAIL_FILE"
	chown svc "$TRAIL_FILE"
	unfit 'of another user' "$UNFIT"
	rm "$TRAIL_FILE"
	ln -s other "$TRAIL_FILE"
	unfit 'a link to nothing' "$TRAIL_FILE: Too many levels of symbolic links"
	tap_ok 'a link to nothing: nothing was made' test ! -e "$TRAIL/other"
	: >"$TRAIL/other"
	unfit 'a link' "$TRAIL_FILE: Too many levels of symbolic links"
	tap_is 'a link: nothing was written' "$(cat "$TRAIL/other")" ''
	rm "$TRAIL_FILE"
	mkfifo -m 0600 "$TRAIL_FILE"
	unfit 'a FIFO that nobody reads' "$UNFIT"
	rm "$TRAIL_FILE"
	mkdir "$TRAIL_FILE"
	unfit 'a directory' "$TRAIL_FILE: Is a directory"
	rmdir "$TRAIL_FILE"
	mknod -m 0600 "$TRAIL_FILE" c 1 3
	unfit 'a device' "$UNFIT"
	rm "$TRAIL_FILE"
}

test_directory() {
	chmod 0777 "$TRAIL"
	unfit_directory 'a directory that others can change'
	chmod 1777 "$TRAIL"
	unfit_directory 'a directory of everybody'\''s with the sticky bit'
	chmod 0755 "$TRAIL"
	chown svc "$TRAIL"
	unfit_directory 'a directory of another user'
	chown root "$TRAIL"
	mv "$TRAIL" "$TRAIL.away"
	unfit_directory 'no directory'
	mv "$TRAIL.away" "$TRAIL"
}

# unfit_directory NAME: in words of the trust check, which others test.
unfit_directory() {
	run_with required canary
	tap_like "$1, required: nothing runs" "$RESULT" "^97 no $FILE_NOT_RUN.*$TRAIL"
	run_with wanted canary
	tap_like "$1: it runs, and the loss is told" "$RESULT" "^0 yes $FILE_LOST.*$TRAIL"
	tap_ok "$1: nothing was made" test ! -e "$TRAIL_FILE"
}

# The sinks without each other.
test_one_of_two() {
	run_with file-only canary
	tap_is 'the file alone: it runs' "$RESULT $(grep -c ' allow ' "$TRAIL_FILE")" '0 yes  1'
	audit_stop
	run_with file-only canary
	tap_is 'the file alone, no syslog: it runs' "$RESULT" '0 yes '
	run_with required canary
	tap_is 'syslog is not there and nobody wrote that it should: it runs' "$RESULT" '0 yes '
	run_with both canary
	tap_is 'syslog is not there, but use_syslog is written, required: nothing runs' "$RESULT" \
		"97 no ${NOT_RUN}No such file or directory"
	tap_like 'syslog is not there: what was not run is told in the file' "$(tail -n 1 "$TRAIL_FILE")" \
		' error .* reason=not-recorded detail=.*/dev/log: No such file or directory.* cmd=canary$'
	run_with wanted canary
	tap_is 'the same, not required: it runs, and the loss is told' "$RESULT" \
		"0 yes ${LOST}No such file or directory"
	: >/dev/log
	run_with required canary
	tap_is 'syslog that cannot be used, required: nothing runs' "$RESULT" "97 no ${NOT_RUN}Connection refused"
	tap_is 'the file has every record all the same' "$(grep -c ' allow ' "$TRAIL_FILE")" 6
	rm /dev/log
	audit_start
	audit_mark
}

# On a file system of their own: five pages, one of them for the file.
test_full_disk() {
	local full="$TRAIL_FILE: No space left on device"

	mv "$TRAIL" "$TRAIL.away"
	mkdir "$TRAIL"
	mount -t tmpfs -o size=20k,mode=0755 small "$TRAIL"
	install -m 0600 /dev/null "$TRAIL_FILE"
	{
		printf '%4000s\n' '' | tr ' ' x
	} >"$TRAIL_FILE"
	head -c 100000 /dev/zero >"$TRAIL/filler" 2>/dev/null || true
	run_with required canary
	tap_is 'a full disk, required: nothing runs' "$RESULT" "97 no $FILE_NOT_RUN$full"
	tap_is 'a full disk: the line was cut' "$(stat -c %s "$TRAIL_FILE")" 4096
	run_with silent canary
	tap_is 'a full disk: it runs, and the loss is told' "$RESULT" "0 yes $FILE_LOST$full"
	run_with required nonsense
	tap_is 'a full disk: a denial stays one' "$STATUS $(tail -n 1 <<<"$ERR")" "99 $FILE_LOST$full"
	rm "$TRAIL/filler"
	run_with required canary
	tap_is 'room again: it runs' "$RESULT" '0 yes '
	tap_like 'room again: the record is on a line of its own' "$(tail -n 1 "$TRAIL_FILE")" \
		'^[0-9-]{10}T[0-9:.]{15}Z sandbox privsep-wrap\[[0-9]+\]: allow id=[^ ]+ .* cmd=canary$'
	tap_is 'room again: behind the one that was cut' "$(wc -l <"$TRAIL_FILE")" 3
	umount "$TRAIL"
	rmdir "$TRAIL"
	mv "$TRAIL.away" "$TRAIL"
}

test_rotation() {
	rm -f "$TRAIL_FILE"
	mkfifo "$SANDBOX/begun" "$SANDBOX/end"
	as_svc sudo -n "$WRAPPER" /etc/app/required.conf waiting &
	read -r _ <"$SANDBOX/begun"
	mv "$TRAIL_FILE" "$TRAIL_FILE.1"
	run_with required canary
	tap_is 'rotated: the next request begins a new file' "$RESULT $(kinds "$TRAIL_FILE")" '0 yes  allow'
	tap_is 'rotated: mode of the new file' "$(stat -c '%a %u' "$TRAIL_FILE")" '600 0'
	echo >"$SANDBOX/end"
	wait $!
	tap_is 'rotated: the end of what began before is in the new one' \
		"$(kinds "$TRAIL_FILE.1") then $(kinds "$TRAIL_FILE")" 'allow then allow exit'
	as_svc sudo -n "$WRAPPER" /etc/app/required.conf waiting &
	read -r _ <"$SANDBOX/begun"
	mv "$TRAIL_FILE" "$TRAIL_FILE.2"
	echo >"$SANDBOX/end"
	wait $!
	tap_is 'rotated and not made anew: the end makes the new one' \
		"$(kinds "$TRAIL_FILE") $(stat -c '%a %u' "$TRAIL_FILE")" 'exit 600 0'
	tap_is 'rotated: one id for both' "$(tail -q -n 1 "$TRAIL_FILE.2" "$TRAIL_FILE" |
		sed -nE 's/.* (allow|exit) (id=[^ ]*) .*/\2/p' | uniq -c | awk '{ print $1 }')" 2
}

# kinds FILE: of its records, in order.
kinds() {
	sed -E 's/^(.* )?privsep-wrap\[[0-9]+\]: ([a-z]+) .*/\2/' "$1" | paste -sd ' '
}

# A pipe that nobody reads: it costs the words, not the status.
test_closed_stderr() {
	local result

	chmod 0622 "$TRAIL_FILE"
	for word in 'silent canary' 'required canary' 'required nonsense'; do
		result=$(/usr/bin/python3 -c '
import os, subprocess, sys
reader, writer = os.pipe()
os.close(reader)
print(subprocess.run(sys.argv[1:], stderr=writer).returncode)' "$WRAPPER" "/etc/app/${word% *}.conf" "${word#* }")
		tap_is "standard error is a closed pipe: $word" "$result $(canary)" "${EXPECTED[$word]}"
	done
	chmod 0600 "$TRAIL_FILE"
}

declare -A EXPECTED=(['silent canary']='0 yes' ['required canary']='97 no' ['required nonsense']='99 no')
mkdir "$TRAIL"
policy <<-'END'
	canary: CommandFilter, canary, root
	waiting: CommandFilter, waiting, root
	[Context waiting]
	filters = waiting
	log_exit = True
END
program waiting <<-END
	#!/bin/sh
	echo >$SANDBOX/begun
	read -r _ <$SANDBOX/end
END
confs "audit_file=$TRAIL_FILE"
sed 's/^audit_required=True/&\nuse_syslog=True/' /etc/app/required.conf >/etc/app/both.conf
sed 's/^audit_required=True/&\nuse_syslog=False/' /etc/app/required.conf >/etc/app/file-only.conf
audit_mark
test_made
test_unfit
test_directory
test_one_of_two
test_full_disk
test_rotation
test_closed_stderr
tap_done
