#!/bin/bash
# Supervised runs, those of a context with timeout or log_exit: they end as the command ends, signals and the terminal
# reach the command, and at the time limit nothing that it started is left.
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"

MARK=supervised-$$                      # in the arguments of what a test leaves running

# processes ERE: those whose command line matches.  Never this shell's own subshells.
processes() {
	ps -eo pid=,args= | awk -v pattern="$1" '$0 ~ pattern && $2 != "awk" { print $1 }'
}

none_left() {
	[ -z "$(processes "$1")" ]
}

some_left() {
	[ -n "$(processes "$1")" ]
}

# limited COMMAND [ARG...]: the wrapper directly; which of TERM and KILL it sent, each once, in their order, in SENT.
limited() {
	traced "$WRAPPER" "$SANDBOX_CONF" limit "$@"
}

# limited_later COMMAND [ARG...]: the same, with time to get ready.
limited_later() {
	traced "$WRAPPER" "$SANDBOX_CONF" later "$@"
}

# traced PROGRAM [ARG...]
traced() {
	capture strace -qq -o "$SANDBOX/signals" -e signal=none -e trace=kill,pidfd_send_signal "$@"
	SENT=$(grep -oE 'SIG(TERM|KILL)' "$SANDBOX/signals" | awk '!seen[$0]++' | xargs || true)
}

# took_term NAME: nobody had to be killed.
took_term() {
	tap_is "$1 takes the TERM" "$STATUS $SENT" '124 SIGTERM'
}

# was_killed NAME
was_killed() {
	tap_is "$1: KILL after TERM" "$STATUS $SENT" '124 SIGTERM SIGKILL'
}

test_status() {
	local status got='' wanted=''

	for status in 0 1 2 42 95 96 97 98 99 124 125 126 127 128 129 143 254 255; do
		wrap log sh -c "exit $status"
		got+="$STATUS$OUT$ERR "
		wanted+="$status "
	done
	tap_is 'the command'\''s own status' "$got" "$wanted"
	wrap long sh -c 'exit 7'
	tap_is 'the command'\''s own status, with a time limit' "$STATUS$ERR" 7
	wrap no-interpreter
	tap_is 'a command that cannot be executed' "$STATUS" 127
}

# Python tells an exit of 143 from a death by TERM.
test_deaths() {
	local how

	ulimit -c 0
	policy <<-'END'
		sh: CommandFilter, sh, root
		[Context death]
		filters = sh
		log_exit = True
	END
	for how in direct sudo; do
		tap_is "death by a signal is seen as such, $how" "$(deaths "$how" 2>&1)" ''
	done
	supervised_policy
}

deaths() {
	if [ "$1" = sudo ]; then
		as_svc /usr/bin/python3 "$SANDBOX/deaths.py" sudo "$WRAPPER" "$SANDBOX_CONF"
	else
		/usr/bin/python3 "$SANDBOX/deaths.py" direct "$WRAPPER" "$SANDBOX_CONF"
	fi
}

test_record() {
	audit_mark
	wrap log sh -c 'exit 3'
	tap_is 'exit record: one, after the allow record' \
		"$(audit_records | sed -E 's/^<[0-9]+>[^ ]+ ([a-z]+) .*/\1/' | tr '\n' ' ')" 'allow exit '
	tap_like 'exit record: status' "$(audit_records)" ': exit .*status=3'
	audit_mark
	wrap log sh -c 'kill -9 $$'
	tap_like 'exit record: signal' "$(audit_records)" ': exit .*(KILL|signal=9|=137)'
	audit_mark
	wrap long sh -c 'exit 3'
	tap_unlike 'exit record: none for a time limit that was kept' "$(audit_records)" ': exit '
	audit_mark
	wrap limit sleep 60
	tap_like 'exit record: one for a time limit that was not' "$(audit_records)" ': exit .* status=124 '
}

test_time_limit() {
	limited sleep 60
	took_term 'time limit: a command'
	limited_later sh -c 'trap "echo cleaned; exit 5" TERM; while :; do sleep 0.1; done'
	took_term 'time limit: a command that cleans up'
	tap_is 'time limit: it can do so' "$OUT" cleaned
	limited_later sh -c "trap 'echo term' TERM; while :; do sleep 0.1; echo goes on; done # $MARK"
	was_killed 'time limit: a command that ignores TERM'
	tap_is 'time limit: it goes on after the TERM' "$(grep -A 1 term <<<"$OUT" | xargs)" 'term goes on'
	tap_ok 'time limit: it is gone' none_left "$MARK"
	# shellcheck disable=SC2016     # expanded by the command
	limited sh -c 'exec <&- >&- 2>&-; for fd in 3 4 5 6 7 8 9; do eval "exec $fd>&-"; done; exec sleep 60'
	took_term 'time limit: a command without any descriptor'
}

test_escapes() {
	limited_later sh -c "setsid setsid sh -c 'trap \"\" TERM; while :; do sleep 0.1; done # $MARK' & exit 0"
	was_killed 'a session of its own that ignores TERM'
	tap_ok 'a session of its own: gone' none_left "$MARK"
	# shellcheck disable=SC2016     # expanded by the command
	limited sh -c 'kill -STOP $$; sleep 60'
	took_term 'a stopped command'
	limited sh -c "sh -c 'kill -STOP \$\$; sleep 60 # $MARK' & wait"
	took_term 'a stopped child'
	tap_ok 'a stopped child: gone' none_left "$MARK"
	limited "$SANDBOX/threads" "$MARK"
	took_term 'a child of another thread'
	tap_ok 'a child of another thread: gone' none_left "$MARK"
	direct limit "$SANDBOX/bomb" "$MARK" 40 # untraced, these two: the wrapper must be as fast as it is
	tap_is 'a fork bomb: 124' "$STATUS" 124
	tap_ok 'a fork bomb: gone' none_left "$MARK"
	direct limit "$SANDBOX/runner" "$MARK"
	tap_is 'one that always runs on as its own child: 124' "$STATUS" 124
	tap_ok 'one that always runs on as its own child: gone' none_left "$MARK"
}

# Who traces a process is told of its end first, and can keep that from its parent.
# traced_with OPTIONS NAME: one that the caller traces from a process of its own.
traced_with() {
	local tracer

	rm -f "$TMPDIR/pid"
	as_svc "$SANDBOX/tracer" "$TMPDIR/pid" "$1" >"$SANDBOX/seized" &
	tracer=$!
	wait_until grep -q up "$SANDBOX/seized"
	audit_mark
	# shellcheck disable=SC2016     # expanded by the command
	wrap as-svc sh -c 'echo $$ >"$1"; exec sleep 60' sh "$TMPDIR/pid"
	tap_is "$2: 124" "$STATUS $(xargs <"$SANDBOX/seized")" '124 up 0'
	tap_like "$2: its end is recorded" "$(audit_records)" ': exit .* filter=as-svc status=124 signal=KILL '
	tap_ok "$2: though the tracer goes on" kill -0 "$tracer"
	kill -KILL "$tracer"
	wait "$tracer" 2>/dev/null || :
}

test_traced() {
	cat >"$SANDBOX/tracer" <<-'END'
		#!/usr/bin/python3
		import ctypes, os, sys, time
		SEIZE = 0x4206
		library = ctypes.CDLL(None)
		print('up', flush=True)
		while not (os.path.exists(sys.argv[1]) and os.path.getsize(sys.argv[1])):
		    time.sleep(0.01)
		pid, options = int(open(sys.argv[1]).read()), int(sys.argv[2], 0)
		print(library.ptrace(SEIZE, ctypes.c_long(pid), None, ctypes.c_long(options)), flush=True)
		time.sleep(120)
	END
	chmod 0755 "$SANDBOX/tracer"
	traced_with 0 'one that the caller traces'
	traced_with 0x40 'one that the caller stops where it exits'
}

# The caller can make its processes the first that the kernel ends for want of memory, and cause that.
test_first_victim() {
	# shellcheck disable=SC2016     # expanded by the command and by svc's shell
	capture as_svc sh -c 'echo "$1" >/proc/self/oom_score_adj; shift; exec "$@"' sh 1000 \
		sudo -n privsep-wrap "$SANDBOX_CONF" long sh -c '
			i=0
			until [ "$(cat /proc/$PPID/oom_score_adj)" = 0 ] || [ $i = 500 ]; do i=$((i + 1)); sleep 0.02; done
			cat /proc/$PPID/oom_score_adj /proc/$$/oom_score_adj'
	tap_is 'the caller makes itself the first victim: not the wrapper' "$STATUS ${OUT/$'\n'/ }" '0 0 1000'
	# shellcheck disable=SC2016     # expanded by the command
	capture sh -c 'echo -5 >/proc/self/oom_score_adj 2>/dev/null; exec "$@"' sh \
		"$WRAPPER" "$SANDBOX_CONF" long sh -c 'cat /proc/$PPID/oom_score_adj /proc/$$/oom_score_adj'
	tap_is 'what protects the service stays' "$STATUS $(uniq <<<"$OUT" | wc -l)" '0 1'
}

# What lists the descendants can be missing; the command itself is known without.
test_without_proc() {
	# shellcheck disable=SC2016     # expanded by the inner shell
	traced unshare --mount sh -c 'mount -t tmpfs none /proc && exec "$@"' sh "$WRAPPER" "$SANDBOX_CONF" limit sleep 60
	took_term 'without /proc the command'
}

# A file is read by the wrapper itself; nobody takes what it writes.
test_reader() {
	local status=0

	mkfifo "$SANDBOX/full"
	exec 5<>"$SANDBOX/full"
	timeout -s KILL 60 "$WRAPPER" "$SANDBOX_CONF" cat "$SANDBOX/big" >&5 2>/dev/null || status=$?
	exec 5<&-
	tap_is 'a file that is read: the time limit holds' "$status" 124
}

test_forwarding() {
	local signal pid

	for signal in INT TERM HUP QUIT USR1 USR2 WINCH CONT; do
		rm -f "$SANDBOX/ready"
		# A background job of this shell has INT and QUIT ignored; the wrapper sets them back.
		"$WRAPPER" "$SANDBOX_CONF" log "$SANDBOX/catcher" "$SANDBOX/ready" >"$SANDBOX/out" &
		pid=$!
		wait_until test -s "$SANDBOX/ready"
		kill -"$signal" "$pid"
		wait "$pid" || true
		tap_is "SIG$signal reaches the command" "$(cat "$SANDBOX/out")" "SIG$signal"
	done
}

test_stop() {
	local pid child

	"$WRAPPER" "$SANDBOX_CONF" log sleep "60.$$" &
	pid=$!
	wait_until some_left "^ *[0-9]+ sleep 60.$$"
	child=$(processes "^ *[0-9]+ sleep 60.$$")
	kill -TSTP "$pid"
	tap_ok 'TSTP stops the command' wait_until grep -q '^State:.*T' "/proc/$child/status"
	tap_ok 'and the wrapper' wait_until grep -q '^State:.*T' "/proc/$pid/status"
	kill -CONT "$pid"
	tap_ok 'CONT wakes both' wait_until awakes "$pid" "$child"
	kill -TERM "$pid"
	wait "$pid" || STATUS=$?
	tap_is 'and TERM ends both' "$STATUS" 143
}

awakes() {
	! grep -q '^State:.*T' "/proc/$1/status" "/proc/$2/status"
}

test_killed_wrapper() {
	local context pid

	for context in log long as-app; do
		"$WRAPPER" "$SANDBOX_CONF" "$context" sleep "61.$$" &
		pid=$!
		wait_until some_left "^ *[0-9]+ sleep 61.$$"
		kill -KILL "$pid"
		wait "$pid" 2>/dev/null || true
		tap_ok "$context: the wrapper killed, the command is gone" wait_until none_left "sleep 61.$$"
	done
}

# Everything but CAP_KILL is given up, whoever the command runs as.
test_supervisor() {
	local pid

	"$WRAPPER" "$SANDBOX_CONF" as-app sleep "62.$$" &
	pid=$!
	wait_until some_left "^ *[0-9]+ sleep 62.$$"
	wait_until grep -q '^CapEff:.0*20$' "/proc/$pid/status" || true
	tap_is 'the supervisor is root with cap_kill only' \
		"$(awk '/^(Uid|CapInh|CapPrm|CapEff|CapAmb):/ { printf "%s ", $2 }' "/proc/$pid/status")" \
		'0 0000000000000000 0000000000000020 0000000000000020 0000000000000000 '
	tap_is 'the command has a process group of its own' \
		"$(ps -o pgid= -p "$(processes "^ *[0-9]+ sleep 62.$$")")" \
		"$(ps -o pid= -p "$(processes "^ *[0-9]+ sleep 62.$$")")"
	kill -TERM "$pid"
	wait "$pid" || true
}

test_output() {
	# shellcheck disable=SC2016     # expanded by the command
	wrap log sh -c 'for i in 1 2 3 4 5; do echo out$i; echo err$i >&2; done'
	tap_is 'output comes whole and in order' "$STATUS $(tr '\n' ' ' <"$SANDBOX/out")$(tr '\n' ' ' <"$SANDBOX/err")" \
		'0 out1 out2 out3 out4 out5 err1 err2 err3 err4 err5 '
}

# The command's parent is the wrapper's own: the wrapper became it.
test_direct() {
	local name

	# shellcheck disable=SC2016     # expanded by the command
	direct plain sh -c 'echo $PPID'
	tap_is 'without context: the caller is the parent' "$OUT" $$
	# shellcheck disable=SC2016
	direct capable sh -c 'echo $PPID'
	tap_is 'with capabilities only: the caller is the parent' "$OUT" $$
	for name in plain capable; do
		# shellcheck disable=SC2016
		wrap $name sh -c 'cat /proc/$PPID/comm'
		tap_is "$name: sudo is the parent" "$OUT" sudo
	done
	for name in log long; do
		# shellcheck disable=SC2016
		wrap $name sh -c 'cat /proc/$PPID/comm'
		tap_is "$name: the wrapper is the parent" "$OUT" privsep-wrap
	done
}

test_terminal() {
	local line

	while read -r line; do
		case $line in
		'ok '*) tap_pass "terminal: ${line#ok }" ;;
		*) tap_fail "terminal: ${line#not ok }" "$(cat "$SANDBOX/terminal.out")" ;;
		esac
	done < <(/usr/bin/python3 "$SANDBOX/terminal.py" "$WRAPPER" "$SANDBOX_CONF" 2>"$SANDBOX/terminal.out")
}

# Each filter runs `env` of coreutils by another name, which runs what follows.  The limit of `later` is for those that
# have something to do before, the one of `long` is not reached.
supervised_policy() {
	{
		echo '[Filters]'
		printf '%s: CommandFilter, %s, root\n' plain plain capable capable log log limit limit \
			later later long long no-interpreter no-interpreter
		echo 'as-app: CommandFilter, as-app, app'
		echo "cat: ReadFileFilter, $SANDBOX/big"
		echo 'as-svc: CommandFilter, as-svc, svc'
		printf '[Context %s]\nfilters = %s\n%s\n' \
			capable capable 'capabilities = cap_chown' \
			log 'log, as-app, no-interpreter' 'log_exit = True' \
			limit 'limit, cat' 'timeout = 1' \
			later later 'timeout = 3' \
			long long 'timeout = 300' \
			both as-svc $'timeout = 3\nlog_exit = True'
	} | filters test
}

helpers() {
	local name

	for name in plain capable log limit later long as-app as-svc; do
		cp /usr/bin/env "$EXEC/$name"
	done
	program no-interpreter <<<'#!/nonexistent/interpreter'
	head -c 1000000 /dev/zero >"$SANDBOX/big"
	cp "$(dirname "$0")/support/deaths.py" "$SANDBOX/"
	cat >"$SANDBOX/catcher" <<-'END'
		#!/usr/bin/python3
		import signal, sys
		names = 'INT TERM HUP QUIT USR1 USR2 WINCH CONT'.split()
		wanted = [signal.Signals['SIG' + name] for name in names]
		signal.pthread_sigmask(signal.SIG_BLOCK, wanted)
		open(sys.argv[1], 'w').write('ready')
		print(signal.Signals(signal.sigwait(wanted)).name)
	END
	# bomb MARK COUNT: that many processes at a time, each replaced by another as soon as it ends.
	cat >"$SANDBOX/bomb.c" <<-'END'
		#include <signal.h>
		#include <stdlib.h>
		#include <sys/wait.h>
		#include <unistd.h>
		int main(int argc, char **argv)
		{
			int most = argc > 2 ? atoi(argv[2]) : 1;

			signal(SIGTERM, SIG_IGN);
			for (int running = 0;;) {
				if (running++ == most && wait(NULL) > 0)
					running--;
				if (fork() == 0) {
					if (rand() % 2)
						setsid();
					for (int i = 0; i < 3; i++)
						if (fork() == 0)
							usleep(20000), _exit(0);
					usleep(20000);
					_exit(0);
				}
			}
		}
	END
	# runner MARK: forks and ends, and so on, so that no PID is its own for long.
	cat >"$SANDBOX/runner.c" <<-'END'
		#include <signal.h>
		#include <unistd.h>
		int main(void)
		{
			signal(SIGTERM, SIG_IGN);
			for (;;)
				if (fork() > 0)
					_exit(0);
		}
	END
	# threads MARK: a thread, not the first one, has a child; both would end by TERM.
	cat >"$SANDBOX/threads.c" <<-'END'
		#include <pthread.h>
		#include <stdio.h>
		#include <sys/wait.h>
		#include <unistd.h>
		static void *run(void *argument)
		{
			if (fork() == 0)
				for (;;)
					pause();
			return argument;
		}
		static void *stay(void *argument)
		{
			run(argument);
			for (;;)
				pause();
			return NULL;
		}
		int main(void)
		{
			pthread_t thread;

			pthread_create(&thread, NULL, stay, NULL);
			for (;;)
				pause();
		}
	END
	for name in bomb runner threads; do
		cc -O1 -pthread -o "$SANDBOX/$name" "$SANDBOX/$name.c"
	done
	chmod 0755 "$SANDBOX/catcher"
	terminal_driver
}

terminal_driver() {
	cat >"$SANDBOX/terminal.py" <<-'END'
		"""terminal.py WRAPPER CONF: an interactive shell on a terminal; prints a line of `ok` or `not ok` for each expectation."""
		import os, pty, select, sys, time

		wrapper, conf = sys.argv[1:]
		pid, terminal = pty.fork()
		if pid == 0:
		    os.environ.update(PS1='PROMPT> ', HISTFILE='/dev/null')
		    os.execv('/bin/bash', ['bash', '--norc', '--noprofile', '-i'])
		seen = ''


		def expect(what, name, seconds=60):
		    global seen
		    limit = time.monotonic() + seconds
		    while what not in seen and time.monotonic() < limit:
		        if select.select([terminal], [], [], 0.1)[0]:
		            seen += os.read(terminal, 4096).decode(errors='replace')
		    found = what in seen
		    print('ok' if found else 'not ok', name, flush=True)
		    if not found:
		        print(name, repr(seen), file=sys.stderr, flush=True)
		    seen = seen.partition(what)[2]


		def send(text):
		    os.write(terminal, text.encode())


		expect('PROMPT> ', 'the shell is there')
		send('stty -echo\n')
		expect('PROMPT> ', 'without echo')
		for how, start in (('direct', wrapper), ('sudo', 'setpriv --reuid=svc --regid=svc --init-groups sudo -n ' + wrapper)):
		    run = '%s %s log ' % (start, conf)
		    send(run + "sh -c 'echo begun; sleep 60'\n")
		    expect('begun', how + ': a command runs')
		    time.sleep(0.3)
		    send('\x03')
		    expect('PROMPT> ', how + ': Ctrl-C ends it')
		    send('echo status=$?\n')
		    expect('status=130', how + ': and the shell sees it')
		    send(run + "sh -c 'echo begun; read x; echo got:$x'\n")
		    expect('begun', how + ': a command that reads')
		    time.sleep(0.3)
		    send('\x1a')
		    expect('Stopped', how + ': Ctrl-Z stops it')
		    expect('PROMPT> ', how + ': and the shell goes on')
		    send('fg\n')
		    time.sleep(0.5)
		    send('word\n')
		    expect('got:word', how + ': fg lets it read the terminal')
		    expect('PROMPT> ', how + ': and it ends')
		    send('echo status=$?\n')
		    expect('status=0', how + ': with its status')
		    expect('PROMPT> ', how + ': the terminal is the shell\'s again')
		send('exit\n')
		os.waitpid(pid, 0)
	END
}

for program in cc strace; do
	command -v "$program" >/dev/null || tap_skip_all "needs $program"
done
helpers
supervised_policy
test_status
test_deaths
test_record
test_time_limit
test_escapes
test_traced
test_first_victim
test_without_proc
test_reader
test_forwarding
test_stop
test_killed_wrapper
test_supervisor
test_output
test_direct
test_terminal
tap_done
