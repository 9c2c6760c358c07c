#!/bin/bash
# The sandbox of the other functional tests: what a test finds inside, and that nothing of it is seen or left outside.
# A stand-in takes the wrapper's place, so that this says nothing about the wrapper.
# shellcheck disable=SC2016     # what stands in single quotes is expanded inside
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/tap.sh
. "$here/../tap.sh"
# shellcheck source=tests/machine-state.sh
. "$here/../machine-state.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/build"
cat >"$work/build/privsep-wrap" <<'END'
#!/usr/bin/python3
import os, socket, sys
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.connect('/dev/log')
log.send(b'<85>privsep-wrap[%d]: deny cmd=%s' % (os.getpid(), os.fsencode(sys.argv[-1])))
print('stand-in', os.getuid(), *sys.argv[1:])
print('complaint', file=sys.stderr)
sys.exit(42)
END
cp "$work/build/privsep-wrap" "$work/build/privsep-wrapctl"
chmod 0755 "$work/build"/*
mkdir "$work/build/tests"
cp "${BUILD:-$here/../../build}/tests/audit_log" "$work/build/tests/"

export BUILD=$work/build

write_test() {
	printf '%s\n' '#!/bin/bash' 'set -eu' ". '$here/lib.sh'" "$1" >"$work/test"
}

# inside COMMANDS: runs them as a functional test would be.
inside() {
	write_test "$1"
	bash "$work/test"
}

before=$(machine_state)
found=$(inside 'id svc; id app; cat /etc/hosts; cat /proc/sys/kernel/hostname; ls /proc/1/exe; pwd') || true
case $found in '1..0 # SKIP'*) printf '%s\n' "$found"; exit 0 ;; esac

tap_like 'svc is an ordinary user with a group of its own' "$found" '^uid=2001\(svc\) gid=2001\(svc\) groups=2001\(svc\)$'
tap_like 'app is in a second group' "$found" '^uid=2002\(app\) gid=2002\(app\) groups=2002\(app\),2100\(appextra\)$'
tap_like 'the host has a name of its own' "$found" '^sandbox$'
tap_like 'the working directory stays' "$found" "^$PWD\$"

found=$(inside 'as_svc id; as_user app id; as_svc pwd; as_svc env; as_svc cat /etc/shadow || echo "shadow $?"' 2>&1)
tap_like 'as_svc is svc, and no group of root is left' "$found" '^uid=2001\(svc\) gid=2001\(svc\) groups=2001\(svc\)$'
tap_like 'as_user has the groups of its user' "$found" '^uid=2002\(app\) gid=2002\(app\) groups=2002\(app\),2100\(appextra\)$'
tap_like 'as_svc starts in /' "$found" '^/$'
tap_like 'as_svc has the environment of a login' "$found" '^USER=svc$'
tap_like 'as_svc cannot read what is root'\''s' "$found" '^shadow 1$'

found=$(inside 'wrap a "b c"; echo "$STATUS|$OUT|$ERR"; capture as_svc sudo -n id; echo "id: $STATUS"')
tap_like 'svc runs the wrapper by sudo; wrap keeps status, output and errors apart' "$found" \
	'^42\|stand-in 0 /etc/app/rootwrap.conf a b c\|complaint$'
tap_like 'and nothing else' "$found" '^id: 1$'

found=$(inside 'wrap one; audit_mark; wrap two; wrap three; audit_records; audit_mark; echo "left:$(audit_records)"')
tap_is 'audit_records prints the records since audit_mark, in order' "$(grep -c '^<85>privsep-wrap\[' <<<"$found") ${found##*$'\n'}" '2 left:'
tap_like 'with priority and text' "$found" '^<85>privsep-wrap\[[0-9]+\]: deny cmd=three$'
tap_unlike 'and none from before' "$found" 'cmd=one'

found=$(inside 'wrap one; audit_mark; audit_stop; test ! -e /dev/log; audit_start; wrap two; audit_records')
tap_like 'rsyslogd can be stopped and started' "$found" 'cmd=two$'

found=$(inside 'filters <<<"[Filters]"; conf <<<"[DEFAULT]"; stat -c "%n %U %a" /etc/app/*.conf /etc/app/filters.d/*')
tap_like 'conf is root'\''s' "$found" '^/etc/app/rootwrap.conf root 644$'
tap_like 'filters are root'\''s' "$found" '^/etc/app/filters.d/test.filters root 644$'

status=0
inside 'exit 7' || status=$?
tap_is 'a test'\''s exit status arrives' "$status" 7

# Every process of the sandbox holds the pipe, so its end is their end.
mkfifo "$work/pipe"
write_test 'echo ready; sleep 600'
bash "$work/test" >"$work/pipe" &
exec 3<"$work/pipe"
read -r found <&3
kill -KILL $!
wait $! 2>/dev/null || true
tap_ok 'SIGKILL ends every process of the sandbox' timeout 300 cat <&3
exec 3<&-

tap_is 'nothing is left outside' "$(machine_state)" "$before"
tap_done
