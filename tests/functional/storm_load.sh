#!/bin/bash
# Many callers at the same time, with requests of all kinds, while the policy is replaced by rename again and again:
# every answer is right and that of one whole policy, each request has just one record in each sink, and nothing is
# left.  `make check-storm` is full size:
#
#	STORM_LOAD_RUNS         requests, 108
#	STORM_LOAD_CALLERS      at the same time, 64
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"

RUNS=${STORM_LOAD_RUNS:-108}
CALLERS=${STORM_LOAD_CALLERS:-64}
FILES=50
FILTERS_IN_FILE=40                      # together 2000
TRAIL=$SANDBOX/trail.log                # audit_file

# bulk COLOUR: files of filters that nobody asks for, with lines of 5000 bytes among them.
bulk() {
	/usr/bin/python3 - "$1" "$FILES" "$FILTERS_IN_FILE" <<-'END'
		import sys
		colour, files, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
		for number in range(files):
		    with open('/etc/app/%s/bulk-%02d.filters' % (colour, number), 'w') as file:
		        print('[Filters]', file=file)
		        for i in range(count):
		            pattern = 'x' * 5000 if i == 0 else '(a|b)*'
		            print('f%d: RegExpFilter, p-%d-%d, %s, x, %s' % (i, number, i, colour, pattern), file=file)
	END
}

# one_policy COLOUR UID: /etc/app/COLOUR and a conf that names it; the chain and its leaf stand in two files.
one_policy() {
	sandbox_user "$1" "$2"
	mkdir "/etc/app/$1"
	bulk "$1"
	cat >"/etc/app/$1/chain.filters" <<-END
		[Filters]
		nice: ChainingRegExpFilter, nice, $1, nice, -n, \\d+
		[Context $1]
		filters = nice
		capabilities = none
	END
	cat >"/etc/app/$1/work.filters" <<-END
		[Filters]
		who: CommandFilter, who, $1
		gone: CommandFilter, gone, $1
		secret: CommandFilter, secret, $1
		kill: KillFilter, root, /usr/bin/sleep, -TERM
		read: ReadFileFilter, /etc/app/readable
		long: RegExpFilter, long, $1, long, n-\\d+, x{5000}
		[Context $1]
		filters = who, gone, secret, kill, read, long
		capabilities = cap_kill, cap_dac_read_search
		mask = --password
	END
	cat >"/etc/app/$1.conf" <<-END
		[DEFAULT]
		filters_path = /etc/app/$1
		exec_dirs = $EXEC, /usr/bin
		audit_required = True
		audit_file = $TRAIL
	END
}

# One name, two policies, until the callers are done.
swap_for_ever() {
	/usr/bin/python3 - "$SANDBOX_CONF" "$SANDBOX/done" <<-'END'
		import os, shutil, sys, time
		conf, done = sys.argv[1:]
		while not os.path.exists(done):
		    for colour in ('red', 'blue'):
		        shutil.copyfile('/etc/app/%s.conf' % colour, '/etc/app/next')
		        os.rename('/etc/app/next', conf)
		        time.sleep(0.005)
	END
}

# What a run could leave, where it has no business; the swap's own file is not one.
leftovers() {
	find /etc/app /run /dev/shm "$TMPDIR" -xdev -not -path "$SANDBOX/*" -not -name next 2>/dev/null | sort
	grep -v OFDLCK /proc/locks | cut -d: -f2-
	cat /proc/[0-9]*/comm 2>/dev/null | sed -E '/^(bash|cat|find|sed|sort)$/d' | sort
}

nobody_is_new() {
	[ "$(leftovers)" = "$BEFORE" ]
}

# The same contexts and users are in both; a mixture would stand in the record, or in what the command says of itself.
load_test() {
	local found

	BEFORE=$(leftovers)
	audit_mark
	swap_for_ever &
	as_svc /usr/bin/python3 "$SANDBOX/tmp/load.py" "$CALLERS" "$RUNS" sudo -n "$WRAPPER" "$SANDBOX_CONF" \
		>"$SANDBOX/answers"
	touch "$SANDBOX/done"
	wait $!
	audit_flush
	tail -n "+$((AUDIT_SEEN + 1))" "$AUDIT_LOG" >"$SANDBOX/syslog"
	found=$(/usr/bin/python3 "$SANDBOX/tmp/load_judge.py" "$SANDBOX/answers" "$TRAIL" "$SANDBOX/syslog")
	tap_like 'every answer is right, each request has its record' "$found" \
		"^numbers requests=$RUNS records=$RUNS .* wrong=0\$"
	tap_like 'both policies had their turn' "$found" ' red=[1-9][0-9]* blue=[1-9]'
	tap_is 'no secret is in a record' \
		"$(grep -h 'privsep-wrap\[' "$TRAIL" "$SANDBOX/syslog" | grep -c 'hunter' || true)" 0
	tap_ok 'no process, no file, no lock is left' wait_until nobody_is_new || leftovers
	printf '# load: callers=%s %s\n' "$CALLERS" "${found##*numbers }"
}

cp "$(dirname "$0")/support/"load{,_judge}.py "$SANDBOX/tmp/"
chmod 0644 "$SANDBOX/tmp/"*.py
echo readable >/etc/app/readable
chmod 0600 /etc/app/readable
program who <<-'END'
	#!/bin/sh
	echo "$(id -un) $(id -u) $1"
END
cp "$EXEC/who" "$EXEC/secret"
cp "$EXEC/who" "$EXEC/long"
one_policy red 2101
one_policy blue 2102
cp /etc/app/red.conf "$SANDBOX_CONF"
load_test
tap_done
