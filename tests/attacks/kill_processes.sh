#!/bin/bash
# Attacks on KillFilter by the process: no name or disguise makes another one pass for what the filter means.
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/attacks/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/targets.sh
. "$(dirname "$0")/../functional/support/targets.sh"
# shellcheck source=tests/attacks/support/kill.sh
. "$(dirname "$0")/support/kill.sh"

daemon=$EXEC/daemon
AS_SVC=(setpriv --reuid=svc --regid=svc --init-groups)  # unlike as_svc no process more than the command
home=$SANDBOX/home/svc

attack_disguise() {
	cp /usr/bin/sleep "$home/daemon"
	start_as "$home/daemon" "${AS_SVC[@]}" bash -c "exec -a '$daemon' '$home/daemon' 600"
	spared 'by its first argument' -9 "$PID"
	finish
	start_as "$SANDBOX/risen" "${AS_SVC[@]}" bash -c "exec -a '$daemon' '$SANDBOX/risen' 600"
	rm "$SANDBOX/risen"
	spared 'a set-user-ID program without a file' -9 "$PID"
	case_is 'it was root'\''s' "$(stat -c %U "/proc/$PID")" root
	finish
	start_as "$home/daemon" "${AS_SVC[@]}" bash -c "exec -a '$daemon (deleted)' '$home/daemon' 600"
	spared 'by the kernel'\''s mark' -9 "$PID"
	finish
	cp /usr/bin/sleep "$home/daemon (deleted)"
	start_as "$home/daemon (deleted)" "${AS_SVC[@]}" "$home/daemon (deleted)" 600
	spared 'by a name with the kernel'\''s mark' -9 "$PID"
	finish
	start_as "$home/daemon" "${AS_SVC[@]}" unshare --user --map-root-user --mount \
		sh -c "mount --bind '$home/daemon' '$daemon' && exec '$daemon' 600"
	case_is 'the path of the program' "$(readlink "/proc/$PID/exe")" "$daemon"
	spared 'by a mount of one'\''s own' -9 "$PID"
	finish
	start "$daemon"
	cp /usr/bin/sleep "$daemon.new"
	mount --bind "$daemon.new" "$daemon"
	spared 'the path leads to another file now' -9 "$PID"
	umount "$daemon"
	ended 'and back' -9 "$PID"
}

attack_replaced() {
	start "$daemon"
	cp "$daemon" "$daemon.new"
	mv "$daemon.new" "$daemon"
	ended 'an old process of a new file' -9 "$PID"
	start "$daemon"
	rm "$daemon"
	ended 'a process without a file' -9 "$PID"
	cp /usr/bin/sleep "$daemon"
	start_as "$home/daemon" "${AS_SVC[@]}" "$home/daemon" 600
	rm "$home/daemon"
	spared 'another process without a file' -9 "$PID"
	finish
}

attack_caller_path() {
	sed -i '/secure_path/d' /etc/sudoers
	cp /usr/bin/sleep "$home/helper"
	start_as "$home/helper" "${AS_SVC[@]}" "$home/helper" 600
	capture as_svc env PATH="$home:/usr/bin" sudo -n privsep-wrap "$SANDBOX_CONF" kill -TERM "$PID"
	case_is 'a name in the caller'\''s PATH: denied' "$STATUS$OUT $(target_state)" '99 S'
	case_record 'a name in the caller'\''s PATH: recorded' ': deny .* reason=no-match '
	finish
	start "$EXEC/helper"
	capture as_svc env PATH="$home:/usr/bin" sudo -n privsep-wrap "$SANDBOX_CONF" kill -TERM "$PID"
	case_is 'the one in exec_dirs' "$STATUS$OUT $(target_end)" '0 143'
	audit_mark
	filters other <<-END
		[Filters]
		relative: KillFilter, root, home/svc/helper, -TERM
	END
	start "$EXEC/other"
	refused_with 99 bad-filter 'a path that is relative' kill -INT "$PID"
	rm "$SANDBOX_FILTERS/other.filters"
	finish
}

# not_ended ASPECT: the kernel refuses the filter's user what the filter allows; PID lives on.
not_ended() {
	wrap kill -TERM "$PID"
	case_is "$1" "$STATUS $(target_state)" '1 S'
	case_is "$1: recorded" "$(audit_records | sed 's/.*\]: \([a-z]*\) .*/\1/' | paste -sd ' ')" 'allow error'
	audit_mark
	finish
}

# Root's filter means whoever runs the program; for another user's the kernel's own rule stands.
attack_owner() {
	start "$EXEC/of-app"
	not_ended 'a process of root, by app'\''s filter'
	start_as "$EXEC/of-app" "${AS_SVC[@]}" "$EXEC/of-app" 600
	not_ended 'a process of svc, by app'\''s filter'
	start_as "$EXEC/of-app" setpriv --reuid=app --regid=app --init-groups "$EXEC/of-app" 600
	permitted 'a process of app, by app'\''s filter' kill -TERM "$PID"
	case_is 'a process of app: it is ended' "$(target_end)" 143
	start "$EXEC/other"
	spared 'a process of another program' -9 "$PID"
	finish
}

attack_without_name() {
	cp /usr/bin/sleep "$home/nameless"
	start_as "$home/nameless" "${AS_SVC[@]}" bash -c "exec -a nowhere '$home/nameless' 600"
	rm "$home/nameless"
	spared 'a name that is nowhere' -9 "$PID"
	finish
	cp /usr/bin/sleep "$home/nameless"
	start_as "$home/nameless" "${AS_SVC[@]}" bash -c "exec -a '' '$home/nameless' 600"
	rm "$home/nameless"
	spared 'no name' -9 "$PID"
	finish
	unreaped
	refused_with 99 no-match 'a process that has ended and is still there' kill -9 "$(cat "$SANDBOX/unreaped")"
	finish
	refused_with 99 no-match 'a process that is not there' kill -9 "$(cat /proc/sys/kernel/pid_max)"
}

# unreaped: a process PID whose child has ended.
unreaped() {
	start_as "$EXEC/other" /usr/bin/python3 -c 'import os, sys
child = os.fork() or os._exit(0)
print(child, file=open(sys.argv[1], "w"))
os.execv(sys.argv[2], sys.argv[2:])' "$SANDBOX/unreaped" "$EXEC/other" 600
	wait_until grep -q '^State:.Z' "/proc/$(cat "$SANDBOX/unreaped")/status"
}

for name in daemon other helper of-app; do
	cp /usr/bin/sleep "$EXEC/$name"
done
cp /usr/bin/sleep "$SANDBOX/risen"
chmod 4755 "$SANDBOX/risen"
policy <<-END
	kill: KillFilter, root, $daemon, -9
	named: KillFilter, root, helper, -TERM
	app: KillFilter, app, $EXEC/of-app, -TERM
END
attack KILL-05 'a process that claims to run the program' attack_disguise
attack KILL-07 'a program whose file was replaced or removed' attack_replaced
attack KILL-08 'a program that is found by the caller'\''s PATH' attack_caller_path
attack KILL-11 'processes of other users' attack_owner
attack KILL-12 'a process without anything to be called by' attack_without_name
tap_done
