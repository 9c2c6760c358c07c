#!/bin/bash
# The ready-made filters.d/*.filters: `check` finds no error in them, their commands do their work with the context of
# the file, and with one capability less they do not.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"

ready_made=$(cd "$(dirname "$0")/../../filters.d" && pwd)
exec_dir=$SANDBOX/exec                  # root's
tree=$SANDBOX/app                       # in the place of /var/lib/app
few_capabilities='warning: .*: root with few capabilities still owns root'\''s files'

# use NAME [SED-SCRIPT]: the file, changed, as the whole policy.
use() {
	sed "${2-}" "$ready_made/$1.filters" | filters test
}

# without CAPABILITY: the sed script that takes it from every context.
without() {
	printf '%s' "/^capabilities = /{ s/\\b$1\\b//; s/, *,/,/; s/= *,/=/; s/, *\$//; s/= *\$/= none/; }"
}

# does NAME COMMAND [ARG...]: through sudo; it succeeds.
does() {
	wrap "${@:2}"
	tap_is "$1" "$STATUS $ERR" '0 '
}

# fails NAME COMMAND [ARG...]: it is allowed and started, and fails by itself.
fails() {
	wrap "${@:2}"
	case $STATUS in
	0 | 9[5-9] | 12[467]) tap_fail "$1" "status $STATUS" "$ERR" ;;
	*) tap_pass "$1" ;;
	esac
}

# denies NAME COMMAND [ARG...]
denies() {
	wrap "${@:2}"
	tap_is "$1" "$STATUS" 99
}

# check NAME: as it is shipped.
check() {
	use "$1"
	capture privsep-wrapctl check "$SANDBOX_CONF"
	tap_ok "$1: check finds no error" test "$STATUS" -le 1
	tap_is "$1: and warns of nothing but root with few capabilities" "$(grep -Ev "$few_capabilities" <<<"$OUT$ERR")" ''
}

test_network() {
	check network
	does 'network: it sets a link up' ip link set lo up
	does 'network: it adds an address' ip address add 192.0.2.1/32 dev lo
	tap_like 'network: both are done' "$(ip address show lo)" 'inet 192\.0\.2\.1/32'
	does 'network: it makes a namespace' ip netns add blue
	does 'network: it sets a link up in there' ip netns exec blue ip link set lo up
	tap_like 'network: that is done' "$(ip netns exec blue ip link show lo)" '[<,]UP[,>]'
	denies 'network: no other command in a namespace' ip netns exec blue sh
	denies 'network: no file of the caller'\''s' ip -batch /dev/null

	use network "$(without cap_net_admin)"
	fails 'network: without cap_net_admin no link' ip link set lo down
	fails 'network: without cap_net_admin none in a namespace' ip netns exec blue ip link set lo down
	use network "$(without cap_sys_admin)"
	fails 'network: without cap_sys_admin no namespace' ip netns add red
	fails 'network: without cap_sys_admin none is entered' ip netns exec blue ip link
	use network
	does 'network: it deletes a namespace' ip netns delete blue
}

test_iptables() {
	check iptables
	denies 'iptables: no other chain' iptables -w -A INPUT -s 192.0.2.1 -j DROP
	denies 'iptables: no other option' iptables -w --modprobe=/bin/true -S app
	if ! iptables -w -N app 2>/dev/null; then
		tap_skip 'iptables: rules' 'iptables is not installed, or not usable here'
		return
	fi
	# The legacy one needs what the file's comment says.
	legacy=
	case $(iptables -V) in *legacy*) legacy='s/^capabilities = cap_net_admin$/&, cap_net_raw/' ;; esac
	use iptables "$legacy"
	does 'iptables: a rule is added' iptables -w -A app -s 192.0.2.1 -j DROP
	does 'iptables: rules are listed' iptables -w -S app
	tap_like 'iptables: it is there' "$OUT" '^-A app -s 192\.0\.2\.1(/32)? -j DROP$'
	does 'iptables: it is deleted' iptables -w -D app -s 192.0.2.1 -j DROP
	use iptables "$legacy; $(without cap_net_admin)"
	fails 'iptables: without cap_net_admin no rule' iptables -w -A app -s 192.0.2.1 -j DROP
	[ -n "$legacy" ] || return 0
	use iptables
	fails 'iptables: without cap_net_raw no rule' iptables -w -A app -s 192.0.2.1 -j DROP
}

mount_scratch=(mount -t tmpfs -o size=8m -o nosuid -o nodev tmpfs /run/app/scratch)

test_mount() {
	mkdir -p /run/app/scratch
	check mount
	does 'mount: it mounts' "${mount_scratch[@]}"
	tap_like 'mount: everybody sees it' "$(cat /proc/self/mounts)" ' /run/app/scratch tmpfs rw,nosuid,nodev,.*size=8192k'
	denies 'mount: nowhere else' mount -t tmpfs -o size=8m -o nosuid -o nodev tmpfs /run/app/../lock
	use mount "$(without cap_sys_admin)"
	fails 'mount: without cap_sys_admin it does not unmount' umount /run/app/scratch
	use mount
	does 'mount: it unmounts' umount /run/app/scratch
	tap_unlike 'mount: nothing is left' "$(cat /proc/self/mounts)" ' /run/app/scratch '
	use mount "$(without cap_sys_admin)"
	fails 'mount: without cap_sys_admin it does not mount' "${mount_scratch[@]}"
}

owner_and_mode() {
	stat -c '%U %a' "$tree/$1"
}

test_ownership() {
	local capability move="s|/var/lib/app|$tree|"

	check ownership
	install -d -o svc -g svc -m 0750 "$tree"
	touch "$tree/chown" "$tree/chmod"
	chown app: "$tree/chown" "$tree/chmod"
	for capability in cap_chown cap_dac_read_search; do
		use ownership "$move; $(without $capability)"
		fails "ownership: without $capability no chown" chown svc "$tree/chown"
	done
	for capability in cap_fowner cap_dac_read_search; do
		use ownership "$move; $(without $capability)"
		fails "ownership: without $capability no chmod" chmod 0640 "$tree/chmod"
	done
	tap_is 'ownership: nothing was changed' "$(owner_and_mode chown) $(owner_and_mode chmod)" 'app 644 app 644'
	use ownership "$move"
	does 'ownership: chown' chown svc "$tree/chown"
	does 'ownership: chmod' chmod 0640 "$tree/chmod"
	tap_is 'ownership: they are changed' "$(owner_and_mode chown) $(owner_and_mode chmod)" 'svc 644 app 640'
	denies 'ownership: nothing outside' chown svc /etc/hosts
	denies 'ownership: no other mode' chmod 4755 "$tree/chown"
	chmod 0755 "$tree"
	use ownership "$move; $(without cap_dac_read_search)"
	does 'ownership: cap_dac_read_search is for closed directories only' chmod 0600 "$tree/chmod"
}

# shellcheck disable=SC2317     # wait_until calls these two
daemon_runs() {
	[ "$(readlink "/proc/$daemon/exe")" = "$exec_dir/daemon" ]
}

# shellcheck disable=SC2317
daemon_has_ended() {
	! kill -0 "$daemon" 2>/dev/null
}

# A daemon of the user app, for kill.filters.  The shell must not report its end between the lines of a command.
start_daemon() {
	setpriv --reuid=app --regid=app --init-groups -- "$exec_dir/daemon" 600 &
	daemon=$!
	disown
	wait_until daemon_runs
}

test_kill() {
	local daemon move="s|/usr/sbin/dnsmasq|$exec_dir/daemon|"

	check kill
	cp "$(command -v sleep)" "$exec_dir/daemon"
	start_daemon
	use kill "$move; $(without cap_kill)"
	fails 'kill: without cap_kill no signal' kill -HUP "$daemon"
	tap_ok 'kill: the process is still there' daemon_runs
	use kill "$move"
	denies 'kill: no other signal' kill -KILL "$daemon"
	denies 'kill: no other process' kill -HUP $$
	does 'kill: a signal' kill -HUP "$daemon"
	tap_ok 'kill: it arrived' wait_until daemon_has_ended
	start_daemon
	use kill "$move; s/, root, /, app, /; $(without cap_kill)"
	does 'kill: the daemon'\''s own user needs no capability' kill -TERM "$daemon"
	tap_ok 'kill: it arrived, too' wait_until daemon_has_ended
}

# There is no systemd here: a stand-in shows what would run.
test_service_control() {
	check service-control
	cat >"$exec_dir/systemctl" <<-'END'
		#!/bin/sh
		echo "$@"
		sed -n 's/^CapPrm:[[:blank:]]*//p' /proc/self/status
	END
	chmod 0755 "$exec_dir/systemctl"
	audit_mark
	does 'service control: a unit is restarted' systemctl restart app-api.service
	tap_is 'service control: without a capability' "$OUT" "$(printf 'restart app-api.service\n%016d' 0)"
	tap_like 'service control: its end is recorded' "$(audit_records)" ' exit .* filter=restart_api status=0 '
	does 'service control: an instance' systemctl restart app-worker@12.service
	denies 'service control: no other unit' systemctl restart ssh.service
	denies 'service control: not two' systemctl restart app-api.service ssh.service
	denies 'service control: no pattern' systemctl restart 'app-worker@*.service'
	denies 'service control: nothing but restart' systemctl stop app-api.service
}

mkdir "$exec_dir"
conf <<-END
	[DEFAULT]
	filters_path = $SANDBOX_FILTERS
	exec_dirs = $exec_dir, /usr/sbin, /usr/bin
	audit_required = True
END
test_network
test_iptables
test_mount
test_ownership
test_kill
test_service_control
tap_done
