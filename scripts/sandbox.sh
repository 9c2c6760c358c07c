# shellcheck shell=bash
#
# A private copy of what the wrapper touches on a machine, in namespaces of its own, for bash scripts run by root:
#
#	. scripts/sandbox.sh
#	sandbox_enter "$0" "$@"         # runs the script anew in the namespaces; goes on from here in there
#	sandbox_build build             # the programs to install are in build/
#
# Then /run, /etc and /dev are tmpfs (/etc starts as a copy of the real one), /usr/bin is an overlay that holds
# the programs, and the network, the process tree and the host name are new.  When the script ends, even by SIGKILL,
# the kernel takes all that away, so nothing can be left behind.  The rest of the machine is the real one: write to
# $SANDBOX and $TMPDIR only.

SANDBOX_NAMESPACES=(--mount --pid --ipc --uts --net --fork --mount-proc --kill-child)
SANDBOX=/run/sandbox                    # scratch space, root's
SANDBOX_CONF=/etc/app/rootwrap.conf
SANDBOX_FILTERS=/etc/app/filters.d
SANDBOX_RULE="svc ALL=(root) NOPASSWD: /usr/bin/privsep-wrap $SANDBOX_CONF *"

# An inherited variable alone must never pass for the namespaces: outside, the real /etc would be changed.
sandbox_inside() {
	[ "$$" -eq 1 ] && [ -n "${SANDBOX_OUTSIDE-}" ] &&
		[ "$SANDBOX_OUTSIDE" != "$(readlink /proc/self/ns/mnt)" ]
}

# Says nothing where root may make the namespaces.
sandbox_possible() {
	unshare "${SANDBOX_NAMESPACES[@]}" -- true
}

# sandbox_enter SCRIPT [ARG...]
sandbox_enter() {
	if sandbox_inside; then
		unset SANDBOX_OUTSIDE
		umask 022
		return
	fi
	SANDBOX_OUTSIDE=$(readlink /proc/self/ns/mnt)
	export SANDBOX_OUTSIDE
	exec unshare "${SANDBOX_NAMESPACES[@]}" -- "$BASH" "$@"
}

sandbox_private_run() {
	mount -t tmpfs -o mode=0755 sandbox /run
	mkdir -p "$SANDBOX/home" /run/lock
	mkdir -m 1777 "$SANDBOX/tmp"
	export TMPDIR=$SANDBOX/tmp
}

sandbox_private_etc() {
	mkdir "$SANDBOX/etc"
	cp -a /etc/. "$SANDBOX/etc/"
	mount --bind "$SANDBOX/etc" /etc
	echo sandbox >/proc/sys/kernel/hostname
	printf '127.0.0.1 localhost sandbox\n' >/etc/hosts
}

# The devices that every program may expect, and none of the machine's own.
sandbox_private_dev() {
	local dev=$SANDBOX/dev

	mkdir "$dev"
	mount -t tmpfs -o mode=0755 dev "$dev"
	mknod -m 0666 "$dev/null" c 1 3
	mknod -m 0666 "$dev/zero" c 1 5
	mknod -m 0666 "$dev/full" c 1 7
	mknod -m 0666 "$dev/random" c 1 8
	mknod -m 0666 "$dev/urandom" c 1 9
	mknod -m 0666 "$dev/tty" c 5 0
	mknod -m 0666 "$dev/ptmx" c 5 2
	ln -s /proc/self/fd "$dev/fd"
	ln -s fd/0 "$dev/stdin"
	ln -s fd/1 "$dev/stdout"
	ln -s fd/2 "$dev/stderr"
	mkdir "$dev/pts"
	mkdir -m 1777 "$dev/shm"
	# The same terminals as outside: one of them may be the script's own.
	mount --rbind /dev/pts "$dev/pts"
	mount --move "$dev" /dev
}

# sandbox_install DIRECTORY: its programs appear in /usr/bin.
sandbox_install() {
	local program

	mkdir -p "$SANDBOX/bin/upper" "$SANDBOX/bin/work"
	for program in privsep-wrap privsep-wrapctl; do
		install -m 0755 "$1/$program" "$SANDBOX/bin/upper/"
	done
	mount -t overlay -o "lowerdir=/usr/bin,upperdir=$SANDBOX/bin/upper,workdir=$SANDBOX/bin/work" sandbox /usr/bin
}

# sandbox_group NAME GID [MEMBER]
sandbox_group() {
	sed -i -e "/^$1:/d" -e "/^[^:]*:[^:]*:$2:/d" /etc/group
	printf '%s:x:%s:%s\n' "$1" "$2" "${3-}" >>/etc/group
}

# sandbox_user NAME ID: with a group of the same name and number, a home, and no password.
sandbox_user() {
	sed -i -e "/^$1:/d" -e "/^[^:]*:[^:]*:$2:/d" /etc/passwd
	sed -i -e "/^$1:/d" /etc/shadow
	printf '%s:x:%s:%s::%s/home/%s:/bin/sh\n' "$1" "$2" "$2" "$SANDBOX" "$1" >>/etc/passwd
	printf '%s:*:19000::::::\n' "$1" >>/etc/shadow
	sandbox_group "$1" "$2"
	install -d -o "$2" -g "$2" "$SANDBOX/home/$1"
}

# sudo as distributions set it up, whatever this machine's administrator changed, plus our one rule.
sandbox_sudoers() {
	rm -rf /etc/sudoers /etc/sudoers.d
	mkdir -m 0750 /etc/sudoers.d
	cat >/etc/sudoers <<-'END'
		Defaults env_reset
		Defaults use_pty
		Defaults secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
		root ALL=(ALL:ALL) ALL
		@includedir /etc/sudoers.d
	END
	printf '%s\n' "$SANDBOX_RULE" >/etc/sudoers.d/app
	chmod 0440 /etc/sudoers /etc/sudoers.d/app
}

# sandbox_build DIRECTORY: call it inside, once.
sandbox_build() {
	sandbox_private_run
	sandbox_private_etc
	sandbox_private_dev
	sandbox_install "$1"
	sandbox_user svc 2001
	sandbox_sudoers
	mkdir -p "$SANDBOX_FILTERS"
}

# as_user USER COMMAND [ARG...]: from /, with the environment of a fresh login.
as_user() {
	local user=$1

	shift
	(cd / && exec setpriv --reuid="$user" --regid="$user" --init-groups --reset-env -- "$@")
}

as_svc() {
	as_user svc "$@"
}

# wait_until COMMAND [ARG...]: for 10 seconds at most.
wait_until() {
	local left=500

	until "$@"; do
		[ $((left -= 1)) -gt 0 ] || return 1
		sleep 0.02
	done
}
