#!/bin/bash
# What the program that runs as root is made of: the libraries it links, what it calls of them, and its system calls in
# each kind of run, until the command takes over.  tests/data/surface has the lists; what is not in them needs a reason.
# Other versions of libc and the compiler call less or the like: the lists hold what any of them does.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"

for tool in strace readelf nm; do
	command -v "$tool" >/dev/null || tap_skip_all "needs $tool"
done
lists=$(cd "$(dirname "$0")/../data/surface" && pwd)

# grown LIST...: the words of standard input that are in none of the lists.
grown() {
	local list

	sort -u | comm -23 - <(for list; do sed 's/ *#.*//; /^$/d' "$lists/$list"; done | sort -u)
}

# known NAME WORDS LIST...: there are some, and all are in the lists.
known() {
	tap_like "$1: something is found" "$2" .
	tap_is "$1: nothing new" "$(grown "${@:3}" <<<"$2")" ''
}

# The checked and the plain form of a function are one.
symbols() {
	nm -D --undefined-only "$WRAPPER" | sed -E 's/.* //; s/@.*//; s/^__(.*)_chk$/\1/'
}

libraries() {
	readelf -d "$WRAPPER" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'
}

# calls COMMAND [ARG...]: the names of the wrapper's calls.  What the command does after its own execve is not ours.
calls() {
	capture strace -f -qq -e signal=none -o "$SANDBOX/trace" "$WRAPPER" "$SANDBOX_CONF" "$@"
	awk '
		!started { started = 1; next }  # strace starts the wrapper
		match($2, /^[a-z0-9_]+\(/) && !($1 in gone) { print substr($2, 1, RLENGTH - 1) }
		$2 ~ /^execve\(/ && / = 0$/ { gone[$1] = 1 }
		/<\.\.\. execve resumed>.* = 0$/ { gone[$1] = 1 }
	' "$SANDBOX/trace" | sort -u
}

# run_of NAME STATUS LISTS COMMAND [ARG...]
run_of() {
	local name=$1 status=$2 lists_of=$3 names

	calls "${@:4}" >"$SANDBOX/calls"
	names=$(cat "$SANDBOX/calls")
	tap_is "$name: its exit status" "$(traced_status "${@:4}")" "$status"
	# shellcheck disable=SC2086     # a list of words
	known "$name" "$names" $lists_of
}

# The status of the wrapper, without strace.
traced_status() {
	direct "$@"
	echo "$STATUS"
}

# Other services of names may do anything.
printf '%s: files\n' passwd group >/etc/nsswitch.conf
install -d -o svc -g svc "$SANDBOX/data"
install -m 0644 -o svc -g svc /dev/null "$SANDBOX/data/file"
filters <<-END
	[Filters]
	true: CommandFilter, true, root
	other: CommandFilter, id, app
	echo: CommandFilter, echo, root
	chmod: PathFilter, chmod, root, 0640, $SANDBOX/data
	read: ReadFileFilter, /etc/hostname
	kill: KillFilter, root, $(readlink -f "$(command -v sleep)"), -TERM
	[Context watched]
	filters = echo
	log_exit = True
	timeout = 100
END

known 'the libraries' "$(libraries)" libraries
known 'what is called of them' "$(symbols)" symbols
run_of 'an allowed command' 0 'calls' true
run_of 'another user' 0 'calls' id
run_of 'a denied command' 99 'calls' false
run_of 'a supervised command' 0 'calls calls.supervised' echo
run_of 'a guarded command' 0 'calls calls.guarded' chmod 0640 "$SANDBOX/data/file"
run_of 'a file that is read' 0 'calls calls.read' cat /etc/hostname
sleep 1000 &
sleeper=$!
calls kill -TERM "$sleeper" >"$SANDBOX/calls"
known 'a signal' "$(cat "$SANDBOX/calls")" calls calls.kill
tap_done
