#!/bin/bash
# scripts/install-deps with each package manager, none of them real: a PATH of stand-ins records what is asked.
set -eu
shopt -s extglob
root=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/tap.sh
. "$root/tests/tap.sh"

work=$(mktemp -d)
trap 'rm -rf "$work" "${pristine-}"' EXIT
commands='cc make bash sudo unshare setpriv python3 visudo rsyslogd logger logrotate fail2ban-regex journalctl script
	ip iptables strace
	gcc git clang afl-clang-fast clang-tidy cppcheck shellcheck mandoc valgrind hyperfine doas'
libraries='inih libpcre2-8 libcap check'

# stub FILE TEXT
stub() {
	printf '#!/bin/sh\n%s\n' "$2" >"$work/$1"
	chmod 0755 "$work/$1"
}

# What each machine begins with, made once: a process costs more than a file.
pristine=$(mktemp -d)
mkdir "$pristine/bin" "$pristine/store"
for tool in sh env cat cut sort grep mktemp rm ln; do
	ln -s "$(type -P "$tool")" "$pristine/bin/$tool"
done
printf '#!/bin/sh\n' >"$work/stub"
chmod 0755 "$work/stub"
for tool in $commands; do
	cp "$work/stub" "$pristine/store/$tool"
done

# machine MANAGER UID: nothing is installed but MANAGER.  It records its command line, fails where that names a
# package of $work/unknown, and else installs all that is in $work/store.
machine() {
	rm -rf "${work:?}"/*
	mkdir "$work/libraries"
	cp -al "$pristine/store" "$work/store"
	cp -a "$pristine/bin" "$work/bin"
	touch "$work/asked" "$work/unknown"
	stub bin/id "echo $2"
	stub "bin/$1" "echo \"$1 \$*\" >>'$work/asked'
		while read -r word; do case \" \$* \" in *\" \$word \"*) exit 1 ;; esac; done <'$work/unknown'
		case \" \$* \" in *' update '*|*' -Sy '*) exit 0 ;; esac
		ln -sfn '$work/store' '$work/installed'
		for library in $libraries; do : >'$work/libraries/'\$library; done"
	stub store/pkg-config "test -e '$work/libraries/'\$2"
}

# has WORD...: is there already.
has() {
	local word

	for word; do
		case " $libraries " in
		*" $word "*) : >"$work/libraries/$word" ;;
		*) cp "$work/store/$word" "$work/bin/$word" ;;
		esac
	done
}

has_all() {
	ln -s "$work/store" "$work/installed"
	# shellcheck disable=SC2086
	has $libraries
}

# install_deps [SET]: STATUS and SAID, and ASKED of the manager.
install_deps() {
	STATUS=0
	SAID=$(PATH=$work/bin:$work/installed INSTALL_DEPS_SBIN='' "$root/scripts/install-deps" "$@" 2>&1) || STATUS=$?
	ASKED=$(cat "$work/asked")
}

for manager in apt-get dnf zypper pacman apk; do
	machine "$manager" 0
	has_all
	install_deps demo
	tap_is "$manager: nothing is missing, nothing is said or asked" "$STATUS $SAID $ASKED" '0  '

	machine "$manager" 0
	has cc make pkg-config inih libpcre2-8
	install_deps
	tap_is "$manager: installs what is missing" "$STATUS" 0
	tap_like "$manager: and says so" "$SAID" "installing with $manager: (libcap|libcap-dev|pkgconfig\(libcap\))\$"
	tap_like "$manager: asks for what is missing, and only that" "$ASKED" \
		"^$manager .*(install|-S|add)( -.*)? (libcap|libcap-dev|pkgconfig\(libcap\))\$"

	machine "$manager" 0
	rm "$work/store/make" "$work/store/sudo" "$work/store/rsyslogd"
	install_deps demo
	tap_is "$manager: what the build needs and is still missing is an error" "$STATUS" 1
	tap_like "$manager: and is named" "$SAID" 'still missing: command:make'
	tap_unlike "$manager: demo does not need what only the tests need" "$ASKED" rsyslog
done

machine apt-get 0
install_deps test
# Python's modules and /bin/kill are looked for on the real machine.
ASKED=${ASKED// python3-[a-z]*([a-z.])/}
tap_is 'apt-get: an empty machine' "${ASKED/ procps/}" "apt-get update
apt-get install -y --no-install-recommends bash bsdutils check fail2ban gcc iproute2 iptables libc6-dev libcap-dev \
libinih-dev libpcre2-dev linux-libc-dev logrotate make pkg-config python3 rsyslog strace sudo systemd util-linux"

machine apt-get 0
has_all
rm "$work/store/fail2ban-regex"
stub store/systemctl "echo \"systemctl \$*\" >>'$work/asked'"
install_deps demo
tap_unlike 'apt-get: a fail2ban that it has not installed is left alone' "$ASKED" systemctl
mv "$work/bin/apt-get" "$work/real"
stub bin/apt-get "echo \"offline=\$SYSTEMD_OFFLINE\" >>'$work/asked'
	'$work/real' \"\$@\""
install_deps test
tap_like 'apt-get: no service is started by an installation' "$ASKED" '^offline=1$'
tap_is 'apt-get: nor fail2ban by the next boot' "$(tail -n 1 <<<"$ASKED")" 'systemctl --quiet disable fail2ban.service'

machine dnf 0
install_deps build
tap_is 'dnf: an empty machine' "$ASKED" "dnf install -y --setopt=install_weak_deps=False gcc glibc-devel \
kernel-headers make pkgconf-pkg-config pkgconfig(inih) pkgconfig(libcap) pkgconfig(libpcre2-8)"

machine zypper 0
install_deps build
tap_is 'zypper: an empty machine' "$ASKED" "zypper --non-interactive install --no-recommends gcc glibc-devel \
linux-glibc-devel make pkg-config pkgconfig(inih) pkgconfig(libcap) pkgconfig(libpcre2-8)"

machine pacman 0
install_deps build
tap_is 'pacman: an empty machine' "$(tail -n 1 <<<"$ASKED")" "pacman -S --needed --noconfirm gcc glibc libcap libinih \
linux-api-headers make pcre2 pkgconf"

machine apk 0
install_deps build
tap_is 'apk: an empty machine' "$(tail -n 1 <<<"$ASKED")" "apk add gcc inih-dev libcap-dev linux-headers make musl-dev \
pcre2-dev pkgconf"

machine apk 0
has_all
install_deps test
tap_is 'what a system does not package is not asked for' "$STATUS $SAID $ASKED" '0  '

machine dnf 0
echo strace >"$work/unknown"
install_deps test
tap_is 'an unknown package does not keep the others out' "$STATUS" 0
tap_like 'and is named' "$SAID" '^install-deps: dnf has no strace$'

machine apt-get 1000
has sudo
stub bin/sudo "[ \"\$*\" = true ] || { echo 'by sudo' >>'$work/asked'; \"\$@\"; }"
install_deps
tap_like 'an ordinary user installs by sudo' "$ASKED" '^by sudo$'

machine apt-get 1000
install_deps
tap_is 'without sudo it fails' "$STATUS $ASKED" '1 '
tap_like 'and lists the packages' "$SAID" 'needs root.*: gcc .* pkg-config$'

machine apt-get 1000
has sudo
stub bin/sudo 'exit 1'
install_deps
tap_is 'and so does a user whom sudo refuses' "$STATUS $ASKED" '1 '

machine none 0
install_deps
tap_is 'no known package manager: it fails' "$STATUS" 1
tap_like 'and lists what is missing' "$SAID" 'missing: .*libpcre2-8'

install_deps everything
tap_is 'an unknown set is a usage error' "$STATUS" 2
tap_done
