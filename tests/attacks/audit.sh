#!/bin/bash
# Requests that should leave no record, one that reads as something else, or one that others seem to have written:
# seen by a listener in the syslog daemon's place, as bytes.
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/attacks/lib.sh
. "$(dirname "$0")/lib.sh"

TAKEN=$SANDBOX/taken                    # of the listener

# Behind a mark of its own: the wrapper's datagrams since `seen`, each on a line; a byte that is no printable ASCII is told.  sudo has its own.
taken() {
	/usr/bin/python3 - "$TAKEN" "$SEEN" <<-'END'
		import os, socket, sys, time
		mark = b'<13>mark-%d-%d' % (os.getpid(), time.time_ns())
		log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		log.connect('/dev/log')
		log.send(mark)
		while not any(line.endswith(mark.hex() + '\n') for line in open(sys.argv[1])):
		    time.sleep(0.002)
		for line in open(sys.argv[1]).readlines()[int(sys.argv[2]):]:
		    pid, uid, length, data = line.split()
		    data = bytes.fromhex(data)
		    if b'privsep-wrap[' not in data[:40]:
		        continue
		    print(''.join(chr(byte) if 0x20 <= byte < 0x7f else '<%02x>' % byte for byte in data))
	END
}

seen() {
	taken >/dev/null                # all that was sent is there
	SEEN=$(wc -l <"$TAKEN")
}

# one_datagram ASPECT ERE: the last run sent just one, and it matches from the first byte to the last.
one_datagram() {
	local got

	got=$(taken)
	seen
	case_like "$1" "$(wc -l <<<"$got") $got" "^1 <8[356]>privsep-wrap\[[0-9]+\]: $2\$"
}

# Behind record and before execve nothing can be lost; each record is in the kernel's hands by then.
before_the_command() {
	capture strace -o "$SANDBOX/trace" -e trace=sendto,execve "$WRAPPER" "$SANDBOX_CONF" canary
	seen
	case_is 'the record is sent, then the command executed' \
		"$(canary) $(sed -n -E 's/^(execve|sendto)\(([0-9]+, )?"([^"]{6}).*/\1 \3/p' "$SANDBOX/trace" |
			tail -n 2 | xargs)" \
		"yes sendto <86>pr execve $(cut -c 1-6 <<<"$EXEC")"
	: >"$SANDBOX/trace"
	capture strace -o "$SANDBOX/trace" -e trace=sendto,write "$WRAPPER" "$SANDBOX_CONF" nonsense
	seen
	case_is 'the record is sent, then the denial told' \
		"$(sed -n -E 's/^(write|sendto)\(([0-9]+), "([^"]{6}).*/\1 \3/p' "$SANDBOX/trace" | xargs)" \
		'sendto <85>pr write privse'
}

# reason ASPECT STATUS ERE COMMAND [ARG...]: one record, whatever becomes of it.
reason() {
	wrap "${@:4}"
	case_is "$1: status" "$STATUS" "$2"
	one_datagram "$1: one record" "$3"
}

one_for_each() {
	reason allowed 0 'allow .* cmd=canary' canary
	reason denied 99 'deny .* reason=no-match argc=1 cmd=nonsense' nonsense
	reason 'program missing' 96 'deny .* reason=no-program argc=1 cmd=gone' gone
	reason 'user unknown' 97 'error .* reason=unknown-user .* cmd=ghost' ghost
	reason 'killed by a signal' 139 'allow .* cmd=crash' crash
	wrap junk
	case_like 'not executable: what was allowed, and that it failed' \
		"$STATUS $(taken | sed 's/.*: \([a-z]*\) .*/\1/' | xargs)" '^126 allow error$'
	seen
	wrap supervised-crash
	case_like 'supervised, killed by a signal: start and end' "$(taken | xargs)" \
		'allow id=.* exit id=.* status=- signal=SEGV '
	seen
	chmod 0666 "$SANDBOX_CONF"
	reason 'a conf that all can write' 97 \
		'error .* reason=unsafe-path path=/etc/app/rootwrap\.conf owner=0 mode=0666 .*' canary
	chmod 0644 "$SANDBOX_CONF"
	case_is 'of all these the canary ran once' "$(wc -l <"$CANARY_MARK")" 1
}

hostile_bytes() {
	wrap nonsense $'x\n<85>sudo: svc : COMMAND=/bin/faked\e[2J\r\x7f\x80\x9b\xff "\\'
	one_datagram 'a line of another daemon stays a word' \
		"deny .* argc=2 cmd=nonsense \\\$'x\\\\012<85>sudo: svc : COMMAND=/bin/faked\\\\033\[2J\\\\015\\\\177\\\\200\\\\233\\\\377 \"\\\\\\\\'"
	mkdir -p "$SANDBOX/tmp/"$'cwd user=root\n\e'
	# shellcheck disable=SC2016     # expanded by svc's shell
	capture as_svc sh -c 'cd "$1" && shift && exec sudo -n "$@"' \
		sh "$SANDBOX/tmp/"$'cwd user=root\n\e' "$WRAPPER" "$SANDBOX_CONF" nonsense
	one_datagram 'so does the directory' \
		"deny id=[0-9a-f]+ user=svc .* cwd=\\\$'[^ ]*cwd user=root\\\\012\\\\033' ppid=.*"
	reason 'words that look like fields' 99 \
		"deny id=[0-9a-f]+ user=svc .* reason=no-match argc=3 cmd=nonsense 'reason=none cmd=canary' cmd=canary" \
		nonsense 'reason=none cmd=canary' cmd=canary
}

# read_back ARG...: a shell reads the record as the words that were given; else both in FOUND.
read_back() {
	local given=("$@") words=()

	direct "$@"
	# shellcheck disable=SC2001
	eval "words=($(taken | sed 's/.* cmd=//' | tr -d '\n'))"
	seen
	[ "${#words[@]} ${words[*]@Q}" = "${#given[@]} ${given[*]@Q}" ] ||
		FOUND+="${given[*]@Q} reads as ${words[*]@Q} "
}

ambiguous_words() {
	local records words count

	for words in 'a b' 'a|b' 'a" "b' "a' 'b" 'a\ b' 'a||b' '|a b' "\$'a' b" 'a=b' '-'; do
		IFS='|' read -ra words <<<"$words|"
		direct nonsense "${words[@]}"
	done
	records=$(taken | sed 's/.* cmd=//')
	seen
	case_is 'ten commands, ten records' "$(sort -u <<<"$records" | wc -l)" 10
	FOUND=
	for count in 1 2 3 5 8; do
		words=()
		for ((i = 0; i < count; i++)); do
			words+=("$(head -c "$((RANDOM % 400))" /dev/urandom | tr -d '\0')")
		done
		read_back nonsense "${words[@]}"
	done
	case_is 'random bytes are read back as they were' "$FOUND" ''
}

# long ASPECT STATUS ARG...: recorded whole, in datagrams that no daemon cuts.
long() {
	local given=(true "${@:3}") words=() lines

	direct "${given[@]}"
	lines=$(taken)
	seen
	# shellcheck disable=SC2001
	eval "words=($(sed 's/.* cmd=//' <<<"$lines" | tr -d '\n'))"
	case_is "$1: the parts are all of it" "$STATUS $(md5sum <<<"${words[*]@Q}")" "$2 $(md5sum <<<"${given[*]@Q}")"
	case_is "$1: no datagram over 2048 bytes and the program's name" "$(awk 'length > 2080' <<<"$lines")" ''
	case_is "$1: all of one request" "$(grep -o ' id=[0-9a-f]*' <<<"$lines" | sort -u | wc -l)" 1
}

long_commands() {
	local words

	words=$(printf '%100000s' '' | tr ' ' x)
	long '100 KB' 0 "$words" telling
	long '200 KB' 0 "$words" "$words" telling
	long 'forty thousand words' 0 $(seq 40000)
	reason 'over 256 KiB' 99 'deny .* reason=too-long bytes=[0-9]+ tail=telling argc=5 cmd=true' \
		true "$words" "$words" "$words" telling
	reason 'over 256 KiB, 90000 words' 99 'deny .* reason=too-long .* argc=90001 cmd=true 1 2 3 .*' \
		true $(seq 90000)
}

telling_word_last() {
	long '9000 bytes of padding' 0 "$(printf '%9000s' '' | tr ' ' '\001')" telling
}

long_name() {
	capture /usr/bin/python3 -c 'import os, sys
os.execve(sys.argv[1], [b"x" * 3000, *sys.argv[2:]], {})' "$WRAPPER" "$SANDBOX_CONF" nonsense
	case_is 'argv[0] of 3000 bytes' "$STATUS ${ERR%%:*}" '99 privsep-wrap'
	one_datagram 'the name in the record is not the caller'\''s' 'deny .* cmd=nonsense'
	capture /usr/bin/python3 -c 'import os, sys
os.execve(sys.argv[1], [b"sudo[1]: \n", *sys.argv[2:]], {})' "$WRAPPER" "$SANDBOX_CONF" nonsense
	one_datagram 'nor another program'\''s' 'deny .* cmd=nonsense'
	case_is 'nor is it in the message' "${ERR%%:*}" privsep-wrap
}

hexadecimal() {
	printf %s "$1" | od -An -v -tx1 | tr -d ' \n'
}

# What svc writes to the log looks the same; the kernel tells who did.
forged() {
	local ours theirs

	wrap nonsense
	as_svc logger -t 'privsep-wrap[1]' -p authpriv.notice 'allow id=000000000000 user=root uid=0 cmd=canary'
	wait_until eval "[ \"\$(taken | wc -l)\" -eq 2 ]"
	ours=$(tail -n "+$((SEEN + 1))" "$TAKEN" | grep -m 1 "$(hexadecimal '>privsep-wrap[')")
	theirs=$(tail -n "+$((SEEN + 1))" "$TAKEN" | grep "$(hexadecimal 'privsep-wrap[1]: allow id=000000000000')")
	case_is 'the pid in the record is the sender'\''s' \
		"$(taken | sed -n '1s/.*privsep-wrap\[\([0-9]*\)\].*/\1/p')" "${ours%% *}"
	seen
	case_is 'ours comes from root, a forged one from its user' \
		"$(cut -d ' ' -f 2 <<<"$ours") $(cut -d ' ' -f 2 <<<"$theirs")" '0 2001'
}

caller_known() {
	capture as_svc env SUDO_USER=root SUDO_UID=0 USER=root LOGNAME=root \
		sudo -n "$WRAPPER" "$SANDBOX_CONF" nonsense
	one_datagram 'user and number of the caller' 'deny id=[0-9a-f]+ user=svc uid=2001 .*'
}

secrets() {
	wrap secret --user me --password hunter2 --token=hunter3
	one_datagram 'behind the option, and in its word' \
		"allow .* cmd=secret --user me --password '\*\*\*' '?--token=\*\*\*'?"
	wrap secret --password hunter2 "$(printf '%3000s' '' | tr ' ' y)" --password hunter4
	case_unlike 'nor in any part of a long one' "$(taken)" 'hunter'
	seen
	wrap position one hunter5 two
	one_datagram 'by position' "allow .* cmd=position one '\*\*\*' two"
	case_is 'nowhere in all that the wrapper sent' "$(/usr/bin/python3 -c 'import sys
lines = [bytes.fromhex(line.split()[3]) for line in open(sys.argv[1])]
print(sum(b"hunter" in line and b">privsep-wrap[" in line for line in lines))' "$TAKEN")" 0
}

# Of the last message: those that are no printable ASCII.
unusual_bytes() {
	tr -d ' -~' <"$SANDBOX/err" | od -An -c | tr -d ' '
}

escaped_messages() {
	wrap $'\e[2Jnonsense' $'\x9b31m\r\n\x07' $'\xc2\x9b' 'caf'$'\xc3\xa9'
	seen
	case_is 'nothing but printable ASCII and one newline' "$STATUS $(unusual_bytes)" '99 \n'
	case_like 'the words are there, escaped' "$ERR" "^privsep-wrap: Unauthorized command: \\\$'\\\\033\[2Jnonsense' "
	capture "$WRAPPER" $'/etc/\e[2J\n\x9b' canary
	seen
	case_is 'in the path of a conf' "$STATUS $(unusual_bytes)" '97 \n'
	capture "$WRAPPER" "$SANDBOX_CONF" kill $'-\e[2J' 1
	case_is 'of a signal' "$STATUS $(unusual_bytes)" '99 \n'
}

command -v strace >/dev/null || tap_skip_all 'needs strace'
audit_stop
: >"$TAKEN"
SEEN=0
/usr/bin/python3 "$(dirname "$0")/support/listener.py" "$TAKEN" &
LISTENER=$!
wait_until test -S /dev/log
audit_mark() { :; }                     # of the daemon that is not there
program secret <<<'#!/bin/sh'
cp "$EXEC/secret" "$EXEC/position"
printf '\177ELF that is none' >"$EXEC/junk"
chmod 0755 "$EXEC/junk"
program crash <<-'END'
	#!/bin/sh
	kill -SEGV $$
END
cp "$EXEC/crash" "$EXEC/supervised-crash"
policy <<-'END'
	canary: CommandFilter, canary, root
	true: CommandFilter, true, root
	gone: CommandFilter, gone, root
	ghost: CommandFilter, ghost, nobody-knows
	junk: CommandFilter, junk, root
	crash: CommandFilter, crash, root
	supervised-crash: CommandFilter, supervised-crash, root
	secret: CommandFilter, secret, root
	position: CommandFilter, position, root
	kill: KillFilter, root, sleep, -TERM
	[Context secret]
	filters = secret
	mask = --password, --token
	[Context position]
	filters = position
	mask = 2
	[Context supervised]
	filters = supervised-crash
	log_exit = True
END
program ghost <<<'#!/bin/sh'
attack LOG-01 'a command that runs before it is recorded' before_the_command
attack LOG-02 'a request that leaves no record, or several' one_for_each
attack LOG-03 'control characters and lines of other daemons' hostile_bytes
attack LOG-04 'commands whose records could be the same' ambiguous_words
attack LOG-05 'commands that no datagram holds' long_commands
attack LOG-06 'the telling word behind what a daemon cuts' telling_word_last
attack LOG-10 'records that a user writes' forged
attack LOG-11 'a caller who says that he is root' caller_known
attack LOG-13 'a name of 3000 bytes for the record' long_name
attack LOG-15 'passwords in the log' secrets
attack LOG-16 'escape sequences for an administrator'\''s terminal' escaped_messages
kill "$LISTENER"
tap_done
