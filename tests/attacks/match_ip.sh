#!/bin/bash
# Attacks on IpFilter: ip's own words that run another command or read a file, hidden from whoever reads them naively.
# shellcheck disable=SC2317     # cases are called by name
set -eu
# shellcheck source=tests/attacks/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/attacks/support/caller.sh
. "$(dirname "$0")/support/caller.sh"

command -v ip >/dev/null || tap_skip_all 'needs ip'

# A namespace called net puts the name of an object where options have their values.
attack_values_like_objects() {
	permitted 'a new namespace' ip netns add other
	permitted 'and without it' ip netns del other
	permitted 'options with values' ip -n net -o -f inet address show
	permitted 'an object behind an option' ip -l 3 link show
	denied 'a value that is called as an object' ip -l net netns exec net canary
	denied 'the option in full' ip -loops link netns exec net canary
	denied 'a namespace that is' ip -n net netns exec net canary
	denied 'two options' ip -rc net -f inet netns exec net canary
	denied 'two dashes' ip --loops net netns exec net canary
	denied 'the end of options' ip -- netns exec net canary
	denied 'an option that ip does not have' ip -unknown link vrf exec v canary
	denied 'an option without its value' ip -n
}

attack_batch() {
	local option

	echo 'netns exec net canary' >"$HOME_OF_SVC/batch"
	for option in -batch -batc -bat -ba -b --batch --b; do
		denied "$option" ip "$option" "$HOME_OF_SVC/batch"
	done
	denied 'standard input' ip -batch -
	denied '-force' ip -force -batch "$HOME_OF_SVC/batch"
	denied '-f for -force' ip -fo -ba "$HOME_OF_SVC/batch"
	denied 'behind another option' ip -o -batch "$HOME_OF_SVC/batch"
	denied 'behind a value' ip -n net -batch "$HOME_OF_SVC/batch"
	mv "$HOME_OF_SVC/batch" "$HOME_OF_SVC/link"
	wrap_from "$HOME_OF_SVC" ip -b link
	case_is 'a file that is called as an object: denied' "$STATUS $OUT$(canary)" '99 no'
	case_record 'a file that is called as an object: recorded' ': deny .* reason=no-match '
	permitted 'another option with b' ip -br link show
}

attack_files() {
	wrap ip monitor help
	case_record 'monitor as such: allowed' ' allow '
	denied 'a batch' ip -force -batch /etc/shadow
	denied 'monitor' ip monitor file /etc/shadow
	denied 'its abbreviations' ip mo f /etc/shadow
	denied 'behind other objects of it' ip monitor link fil /etc/shadow
	denied 'of xfrm' ip xfrm monitor file /etc/shadow
	denied 'a program of a link' ip link set dev lo xdp obj /etc/shadow
	denied 'for the driver' ip link set dev lo xdpdrv object /etc/shadow
	denied 'for any driver' ip link set dev lo xdpgeneric pinned /etc/shadow
	denied 'a program of a route' ip route add 192.0.2.0/24 encap bpf in obj /etc/shadow section x dev lo
	denied 'restore' ip route restore
	denied 'its abbreviation' ip ro res
	denied 'of addresses' ip address restore
	denied 'of rules' ip rule r
	denied 'showdump' ip address showdump
	permitted 'replace begins with the same letter' ip route replace 192.0.2.0/24 dev lo
	permitted 'so does show' ip address s
	case_is 'nothing of the file was said' "$OUT$(grep -c root: "$SANDBOX/err")" "${OUT}0"
}

attack_commands_elsewhere() {
	denied 'vrf exec' ip vrf exec v canary
	denied 'abbreviated' ip vr e v canary
	denied 'behind a value' ip -loops link vrf exec v canary
	denied 'all namespaces' ip -all netns exec canary
	denied 'all, abbreviated' ip -a netns ex canary
	denied 'exec, abbreviated' ip netns ex net canary
	denied 'the object, too' ip net e net canary
	denied 'twice' ip netns netns exec net canary
	permitted 'another word' ip netns list
}

attack_names_as_paths() {
	denied 'another'\''s namespace by a path' ip -n ../../proc/1/ns/net link show
	denied 'an absolute path' ip -n /proc/1/ns/net link show
	denied 'the option in full' ip -netns ../../proc/1/ns/net link show
	denied 'the directory itself' ip -n . link show
	denied 'the one above' ip -n .. link show
	denied 'no name' ip -n '' link show
	denied 'attach' ip netns attach stolen 1
	denied 'attach, abbreviated' ip netns at stolen 1
	denied 'a file anywhere made' ip netns add ../../etc/made
	denied 'a file anywhere removed' ip netns del ../../etc/passwd
	denied 'a link moved to one by a path' ip link set lo netns /proc/1/ns/net
	denied 'a kind that is the path of a library' ip link add x type ../../tmp/evil
	case_is 'nothing was made, nothing removed' \
		"$(ls /run/netns) $(test -e /etc/made || echo none) $(test -s /etc/passwd && echo kept)" 'net none kept'
	permitted 'set, identify and pids' ip netns set net 7
}

policy <<-'END'
	ip: IpFilter, ip, root
	canary: CommandFilter, canary, root
END
ip netns add net
ip link set lo up
attack MATCH-13 'values of options that are called as objects' attack_values_like_objects
attack MATCH-14 'files of commands' attack_batch
attack MATCH-15 'files to be read' attack_files
attack MATCH-16 'commands in other namespaces and domains' attack_commands_elsewhere
attack MATCH-17 'names that are paths' attack_names_as_paths
case_is 'in all of this, the canary' "$(canary)" no
tap_done
