#!/bin/bash
# ReadFileFilter: the wrapper itself reads the file, and no link that others could have put there leads it elsewhere.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"

THEIRS=$SANDBOX/theirs                  # svc's
OURS=$SANDBOX/ours                      # root's
SECRET=$OURS/secret

# reads NAME FILE TEXT: through sudo.
reads() {
	wrap cat "$2"
	tap_is "$1: read" "$STATUS $OUT$ERR" "0 $3"
}

# not_read NAME FILE: as cat says it, exit status 1, and not a byte.
not_read() {
	wrap cat "$2"
	tap_is "$1: not read" "$STATUS $OUT" '1 '
	tap_like "$1: and said" "$ERR" "^privsep-wrap: cat: $2: [A-Z]"
}

files() {
	cat <<-END
		$SECRET $OURS/link $OURS/dirlink/secret $OURS/linked $OURS/missing $OURS/dir $OURS/loop $OURS/mode
		$THEIRS/file $THEIRS/link $THEIRS/dirlink/secret $THEIRS/hard $THEIRS/fifo $THEIRS/inner/ours
		$THEIRS/socket $THEIRS/zero $OURS/through $TMPDIR/link $OURS/big /proc/sys/kernel/ostype $THEIRS/swapped/secret
	END
}

prepare() {
	local file

	mkdir "$OURS" "$OURS/dir" "$THEIRS" "$THEIRS/inner"
	echo secret >"$SECRET"
	chmod 0600 "$SECRET"
	ln -s secret "$OURS/link"
	ln -s "$OURS" "$OURS/dirlink"
	ln "$SECRET" "$OURS/linked"
	ln -s loop "$OURS/loop"
	install -m 0 /dev/null "$OURS/mode"
	ln -s "$THEIRS/link" "$OURS/through"
	seq 400000 >"$OURS/big"
	echo theirs >"$THEIRS/file"
	ln -s "$SECRET" "$THEIRS/link"
	ln -s "$OURS" "$THEIRS/dirlink"
	ln "$SECRET" "$THEIRS/hard"
	mkfifo "$THEIRS/fifo"
	mknod "$THEIRS/zero" c 1 5
	echo inner >"$THEIRS/inner/ours"
	mkdir "$THEIRS/swapped"
	echo honest >"$THEIRS/swapped/secret"
	chown -h svc: "$THEIRS" "$THEIRS/file" "$THEIRS/link" "$THEIRS/dirlink" "$THEIRS/fifo" "$THEIRS/swapped"
	as_svc /usr/bin/python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$THEIRS/socket"
	as_svc ln -s "$SECRET" "$TMPDIR/link"
	{
		echo '[Filters]'
		for file in $(files); do
			echo "f${file//\//-}: ReadFileFilter, $file"
		done
	} | filters test
}

test_ours() {
	reads 'a file' "$SECRET" secret
	reads 'through a link that only root can change' "$OURS/link" secret
	reads 'through a linked directory' "$OURS/dirlink/secret" secret
	reads 'one of two names' "$OURS/linked" secret
	reads 'without any permission bit, as root' "$OURS/mode" ''
	reads 'a file of proc' /proc/sys/kernel/ostype Linux
	not_read 'missing' "$OURS/missing"
	tap_like 'missing: as cat says it' "$ERR" ': No such file or directory$'
	not_read 'a directory' "$OURS/dir"
	not_read 'a link to itself' "$OURS/loop"
	wrap cat "$OURS/big"
	tap_ok 'a large file: byte by byte' cmp "$SANDBOX/out" "$OURS/big"
}

test_theirs() {
	reads 'a file of svc' "$THEIRS/file" theirs
	reads 'a file of root below a directory of svc' "$THEIRS/inner/ours" inner
	not_read 'a link of svc' "$THEIRS/link"
	not_read 'a linked directory of svc' "$THEIRS/dirlink/secret"
	not_read 'a link of root to a link of svc' "$OURS/through"
	not_read 'a link in a directory of everybody' "$TMPDIR/link"
	not_read 'a second name below a directory of svc' "$THEIRS/hard"
	not_read 'a socket' "$THEIRS/socket"
	not_read 'a device' "$THEIRS/zero"
	capture timeout 60 "$WRAPPER" "$SANDBOX_CONF" cat "$THEIRS/fifo"
	tap_is 'a FIFO: not read, and no wait for a writer' "$STATUS$OUT" 1
	refused 'another file' cat "$OURS/other"
	refused 'an option' cat -n "$SECRET"
	refused 'two files' cat "$SECRET" "$THEIRS/file"
}

# What is read is root's file never, whatever stands at the name meanwhile.
test_race() {
	local i swapper wrong=0 read=0

	as_svc /usr/bin/python3 -c '
import os, sys
os.chdir(sys.argv[1])
os.symlink(sys.argv[2], "evil")
while True:
    os.rename("swapped", "kept"); os.rename("evil", "swapped")
    os.rename("swapped", "evil"); os.rename("kept", "swapped")' "$THEIRS" "$OURS" &
	swapper=$!
	for ((i = 0; i < 400; i++)); do
		direct cat "$THEIRS/swapped/secret"
		[ "$OUT" != secret ] || wrong=$((wrong + 1))
		[ "$OUT" != honest ] || read=$((read + 1))
	done
	kill "$swapper"
	wait "$swapper" 2>/dev/null || true
	tap_is 'a directory swapped in a loop: root'\''s file is never read' "$wrong" 0
	tap_ok 'a directory swapped in a loop: the honest one is' test "$read" -gt 0
}

test_output() {
	local status

	capture "$WRAPPER" "$SANDBOX_CONF" cat "$SECRET" >&-
	capture bash -c '"$@" >&-' bash "$WRAPPER" "$SANDBOX_CONF" cat "$SECRET"
	tap_is 'standard output closed: nothing goes astray' "$OUT$ERR" ''
	capture bash -c '"$@" >/dev/full' bash "$WRAPPER" "$SANDBOX_CONF" cat "$SECRET"
	tap_is 'standard output full: 1' "$STATUS $ERR" "1 privsep-wrap: cat: $SECRET: No space left on device"
	status=$(
		set +o pipefail
		{ "$WRAPPER" "$SANDBOX_CONF" cat "$OURS/big" || echo $? >"$SANDBOX/status"; } | head -c 1 >/dev/null
		cat "$SANDBOX/status"
	) 2>/dev/null
	tap_is 'a closed pipe ends it as it ends cat' "$status" 141
}

# The only execve(2) is the one that started the wrapper.
test_no_cat() {
	command -v strace >/dev/null || {
		tap_skip 'cat is not started' 'needs strace'
		return
	}
	capture strace -f -o "$SANDBOX/trace" -e trace=execve,execveat,fork,vfork,clone,clone3 \
		"$WRAPPER" "$SANDBOX_CONF" cat "$SECRET"
	tap_is 'cat is not started' "$STATUS $OUT $(grep -c -E '(exec|fork|clone)' "$SANDBOX/trace")" '0 secret 1'
}

prepare
test_ours
test_theirs
test_race
test_output
test_no_cat
tap_done
