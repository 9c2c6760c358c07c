#!/bin/bash
# IpFilter and IpNetnsExecFilter through sudo, with the real ip in the sandbox's own network.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"

command -v ip >/dev/null || tap_skip_all 'needs ip'
home=$SANDBOX/home/svc

# The namespace is called net, and options have objects for values, so that a naive reader takes one for the other.
test_ip() {
	allowed 'ip: netns add' ip netns add net
	tap_ok 'ip: the namespace is there' test -e /run/netns/net
	allowed 'ip: link set' ip link set dev lo mtu 9000
	tap_like 'ip: the link is changed' "$(ip link show dev lo)" ' mtu 9000 '
	allowed 'ip: options with values' ip -n net -o -f inet address show
	allowed 'ip: abbreviations' ip -br a
	refused 'ip: netns exec' ip netns exec net canary
	refused 'ip: its abbreviation' ip net e net canary
	refused 'ip: behind an option whose value is an object' ip -l net netns exec net canary
	refused 'ip: vrf exec behind an option whose value is a harmless object' ip -loops link vrf exec v canary
	refused 'ip: a file behind such an option' ip -rcvbuf addrlabel monitor file /etc/shadow
	refused 'ip: netns exec behind two options' ip -n net -family address net e net canary
	refused 'ip: in all namespaces' ip -all netns exec canary
	refused 'ip: vrf exec' ip vrf exec v canary
	refused 'ip: netns attach' ip netns attach stolen 1
	refused 'ip: netns monitor' ip netns monitor
	refused 'ip: a namespace by a path' ip -n ../../proc/1/ns/net link
	refused 'ip: monitor of a file' ip monitor file /etc/shadow
	refused 'ip: a program from a file' ip link set lo xdp obj /etc/shadow
	refused 'ip: restore' ip route restore
	test_ip_batch
	tap_is 'ip: no command was run' "$(canary)" no
}

test_ip_batch() {
	local option

	echo 'netns exec net canary' >"$home/batch"
	for option in -batch --batch -b -ba; do
		refused "ip: $option" ip "$option" "$home/batch"
	done
	refused 'ip: -force -batch' ip -force -batch "$home/batch"
}

test_netns_exec() {
	local inside

	inside=$(ip netns exec net readlink /proc/self/ns/net)
	printf '#!/bin/sh\ntouch %s\n' "$CANARY_MARK" >"$home/where"
	chmod 0755 "$home/where"
	allowed 'netns exec: a command that a filter allows' ip netns exec net where
	tap_is 'netns exec: the filter'\''s own path runs in the namespace' "$OUT" "$EXEC/where $inside"
	tap_unlike 'netns exec: which is another than the wrapper'\''s' "$inside" "$(readlink /proc/self/ns/net)"
	allowed 'netns exec: an abbreviation' ip net e net where
	allowed 'netns exec: the command by a path of exec_dirs' ip netns exec net "$EXEC/where"
	refused 'netns exec: a command that no filter allows' ip netns exec net id
	refused 'netns exec: a command of another user'\''s filter' ip netns exec net whoami
	refused 'netns exec: the caller'\''s program of that name' ip netns exec net "$home/where"
	refused_from "$home" 'netns exec: the same, relative' ip netns exec net ./where
	refused 'netns exec: a roundabout path' ip netns exec net "$EXEC/../exec/where"
	refused 'netns exec: no command' ip netns exec net
	refused 'netns exec: an empty command' ip netns exec net ''
	refused 'netns exec: a chain in a chain' ip netns exec net ip netns exec net where
	refused 'netns exec: a namespace by a path' ip netns exec ../../proc/1/ns/net where
	refused 'netns exec: behind an option' ip -l net netns exec net where
	tap_is 'netns exec: the caller'\''s program never ran' "$(canary)" no
}

program where <<-'END'
	#!/bin/sh
	echo "$0 $(readlink /proc/self/ns/net)"
END
policy <<-'END'
	ip: IpFilter, ip, root
	netns: IpNetnsExecFilter, ip, root
	where: CommandFilter, where, root
	whoami: CommandFilter, whoami, app
END
test_ip
test_netns_exec
tap_done
