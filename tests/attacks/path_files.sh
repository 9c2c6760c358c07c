#!/bin/bash
# Attacks on PathFilter by what lies inside of its directory, and by what its command does there.
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/attacks/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/attacks/support/paths.sh
. "$(dirname "$0")/support/paths.sh"

# The wrapper's own answers do not wait for a file system that svc serves, and for root it is not there.
attack_served() {
	grep -qw fuse /proc/filesystems || modprobe fuse || true
	mknod -m 0666 /dev/fuse c 10 229
	as_svc mkdir "$TREE/served"
	exec 9<>/dev/fuse
	mount -i -t fuse -o fd=9,rootmode=40000,user_id=2001,group_id=2001 served "$TREE/served"
	capture timeout 60 setpriv --reuid=svc --regid=svc --init-groups --reset-env \
		sudo -n "$WRAPPER" "$SANDBOX_CONF" look "$TREE/served/file"
	case_is 'denied, and at once' "$STATUS$OUT" 99
	case_record 'recorded' ': deny .* reason=no-match '
	umount -l "$TREE/served"
	exec 9>&-
}

# serving LOOKUPS COMMAND [ARG...]: while svc serves its own directory in such a way.
serving() {
	local server

	python3 "${BASH_SOURCE[0]%/*}/support/lying_fuse.py" "$BASE" "$PROTECTED/tree" "$1" &
	server=$!
	wait_until mountpoint -q "$BASE"
	capture timeout 60 "$WRAPPER" "$SANDBOX_CONF" "${@:2}"
	umount -l "$BASE"
	wait "$server"
}

# With allow_other root sees it, and all in it looks like root's.  Whenever its directory becomes a link, what that leads
# to is not changed and not read.
attack_lying() {
	local lookups

	for lookups in 1 2 3 4 5 6 7 8; do
		serving "$lookups" chmod 0777 "$BASE/d/file"
		case_is "a link from lookup $lookups on: chmod" "$(stat -c %a "$PROTECTED/tree/file")" 600
		serving "$lookups" cat "$BASE/d/file"
		case_is "a link from lookup $lookups on: cat" "$OUT" ''
	done
	serving 99 chmod 0777 "$BASE/d/file"
	case_is 'no link: the command runs' "$STATUS" 0
}

# Nothing in the wrapper opens what it judges.
attack_special_files() {
	local name

	as_svc mkfifo "$TREE/fifo"
	as_svc /usr/bin/python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$TREE/socket"
	mknod "$TREE/device" c 4 0
	for name in fifo socket device; do
		capture timeout -s KILL 20 "$WRAPPER" "$SANDBOX_CONF" look "$TREE/$name"
		case_is "$name: no wait" "$STATUS" 0
		case_record "$name: recorded" ': allow '
		capture timeout -s KILL 20 strace -o "$SANDBOX/trace" -e trace=open,openat,openat2,creat \
			"$WRAPPER" "$SANDBOX_CONF" look "$TREE/$name"
		case_unlike "$name: it is not opened" "$(grep -v O_PATH "$SANDBOX/trace")" "$name\""
		audit_mark
	done
	rm "$TREE/device"
}

# `pass` is any mode there is; who wants one writes it.
attack_modes() {
	local mode

	for mode in 4755 02755 7777 u+s 644 00644 -R --reference=/etc/passwd ''; do
		no_match "mode '$mode' where 0644 is asked for" fixed "$mode" "$TREE/dir/file"
	done
	for mode in -R --recursive --reference=/etc/passwd -777 -; do
		no_match "option '$mode' in the place of a mode" chmod "$mode" "$TREE/dir/file"
	done
	permitted 'the mode of the filter' fixed 0644 "$TREE/dir/file"
	permitted 'any mode' chmod 0640 "$TREE/dir/file"
	case_is 'the file' "$(stat -c %a "$TREE/dir/file")" 640
}

attack_mount() {
	local program

	as_svc mkdir "$TREE/mounted"
	mount -t tmpfs host "$TREE/mounted"
	for program in mount losetup ip; do
		refused_with 99 path-guard "$program" "$program" "$TREE/mounted"
	done
	refused_with 99 path-guard umount umount "$TREE/mounted"
	case_ok 'it is mounted as before' mountpoint -q "$TREE/mounted"
	umount "$TREE/mounted"
	refused_with 99 path-guard 'the root directory' look-all /
	refused_with 99 path-guard 'the directory of the programs' look-all "$EXEC"
}

own_copy fixed chmod
cp "$EXEC/look" "$EXEC/look-all"
policy <<-END
	look: PathFilter, look, root, $BASE
	chmod: PathFilter, chmod, root, pass, $BASE
	fixed: PathFilter, fixed, root, 0644, $BASE
	mount: PathFilter, mount, root, $BASE
	umount: PathFilter, umount, root, $BASE
	losetup: PathFilter, losetup, root, $BASE
	ip: PathFilter, ip, root, $BASE
	look-all: PathFilter, look-all, root, /
	served: ReadFileFilter, $BASE/d/file
END
attack PATH-10 'a file system that the caller serves' attack_served
attack PATH-10 'one that says that all in it is root'\''s' attack_lying
attack PATH-14 'files whose opening waits or does something' attack_special_files
attack PATH-16 'a mode that makes a set-user-ID program' attack_modes
attack PATH-18 'a command that mounts, or would be cut off from the system' attack_mount
tap_done
