# shellcheck shell=bash
#
# Sourced after programs.sh: processes to be signalled, or not.

TARGET_STATUS=$SANDBOX/target-status    # exit status of the process PID, once it has ended

# Whether the process runs the file, and sleeps, as all of them do.
# shellcheck disable=SC2317     # called by wait_until
runs() {
	[ "/proc/$1/exe" -ef "$2" ] && grep -qs '^State:.S' "/proc/$1/status"
}

# start_as FILE COMMAND [ARG...]: a process PID that comes to run the file; its end will stand in $TARGET_STATUS.  The
# shell that waits for it is another one: this one would say on standard error what a child died of.
start_as() {
	rm -f "$TARGET_STATUS" "$SANDBOX/pid"
	(
		"${@:2}" &
		echo $! >"$SANDBOX/pid.new"
		mv "$SANDBOX/pid.new" "$SANDBOX/pid"
		wait $! || echo $? >"$TARGET_STATUS"
	) 2>/dev/null &
	wait_until test -e "$SANDBOX/pid"
	PID=$(cat "$SANDBOX/pid")
	wait_until runs "$PID" "$1"
}

# start PROGRAM
start() {
	start_as "$1" "$1" 600
}

# target_state: "S" for a process PID to which nothing has happened.
target_state() {
	sed -n 's/^State:\t\(.\).*/\1/p' "/proc/$PID/status" 2>&1
}

# target_end: the exit status of the process PID, which has been signalled.
target_end() {
	wait_until test -s "$TARGET_STATUS" || true
	cat "$TARGET_STATUS" 2>&1
}

finish() {
	kill -KILL "$PID" && wait_until test -s "$TARGET_STATUS"
}
