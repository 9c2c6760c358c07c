#!/bin/bash
# Attacks on ReadFileFilter: nothing that others can put on the way leads it to a file of root's.
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/attacks/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/attacks/support/stopped.sh
. "$(dirname "$0")/support/stopped.sh"

theirs=$SANDBOX/theirs                  # svc's
ours=$SANDBOX/ours                      # root's
secret=$ours/secret
state=$theirs/state

# not_read ASPECT [PATH]: by svc; as cat says it, and not a byte.
not_read() {
	wrap cat "${2:-$state}"
	case_is "$1: not read" "$STATUS ${OUT:-silence}" '1 silence'
	case_record "$1: recorded" ': allow .* filter=f'
}

attack_in_its_place() {
	local words

	echo honest | as_svc tee "$state" >/dev/null
	permitted 'as it was' cat "$state"
	case_is 'as it was: read' "$OUT" honest
	for words in '-n' '--' "$secret"; do
		refused_with 99 no-match "with $words" cat "$words" "$state"
		refused_with 99 no-match "with $words behind" cat "$state" "$words"
	done
	refused_with 99 no-match 'another spelling' cat "$theirs/./state"
	refused_with 99 no-match 'another file' cat "$secret"
	as_svc ln -sf "$secret" "$state"
	not_read 'a link'
	as_svc ln -sf ../ours/secret "$state"
	not_read 'a relative link'
	rm "$state"
	ln "$secret" "$state"
	not_read 'a hard link'
	rm "$state"
	as_svc mkfifo "$state"
	not_read 'a FIFO'
	as_svc ln -sfT "$ours" "$theirs/dir"
	not_read 'a linked directory' "$theirs/dir/secret"
	as_svc ln -sfT "$secret" "$theirs/link"
	not_read 'a link of root to a link of svc' "$ours/through"
	as_svc mkdir -p "$theirs/deep/er"
	not_read 'up from a directory that svc can move' "$theirs/deep/er/../../../ours/secret"
}

# svc's, each in one step.
put_link() {
	as_svc ln -s "$secret" "$theirs/new"
	as_svc mv -T "$theirs/new" "$state"
}

# Only root can have made it where fs.protected_hardlinks is 1.
put_hard_link() {
	ln "$secret" "$theirs/new"
	mv -T "$theirs/new" "$state"
}

put_directory_link() {
	as_svc mv "$theirs/dir" "$theirs/kept"
	as_svc ln -s "$ours" "$theirs/dir"
}

# call_of NAME: the number of the call that opens it, not the one behind that reads it.
call_of() {
	grep -n -m 1 "\"$1\", [^)]*O_PATH" "$TRACE" | cut -d : -f 1
}

# swapped ASPECT ATTACK NAME PATH WANTED: the attack comes when NAME, on the way to PATH, has been looked at.
swapped() {
	rm -rf "$state" "$theirs/dir" "$theirs/kept"
	as_svc mkdir "$theirs/dir"
	echo honest | as_svc tee "$state" "$theirs/dir/secret" >/dev/null
	capture strace -o "$TRACE" -e trace=openat "$WRAPPER" "$SANDBOX_CONF" cat "$4"
	case_is "$1: without the attack" "$STATUS $OUT" '0 honest'
	stopped_at openat "$(call_of "$3")" "$2" "$WRAPPER" "$SANDBOX_CONF" cat "$4"
	case_is "$1" "$STATUS ${OUT:-silence}" "$5"
	audit_mark
}

attack_swapped() {
	swapped 'a link, after the look' put_link state "$state" '1 silence'
	swapped 'a hard link, after the look' put_hard_link state "$state" '1 silence'
	swapped 'a linked directory, after the look' put_directory_link dir "$theirs/dir/secret" '0 honest'
}

mkdir "$ours"
install -d -o svc -g svc "$theirs"
echo secret >"$secret"
chmod 0600 "$secret"
ln -s "$theirs/link" "$ours/through"
policy <<-END
	f1: ReadFileFilter, $state
	f2: ReadFileFilter, $theirs/dir/secret
	f3: ReadFileFilter, $ours/through
	f4: ReadFileFilter, $theirs/deep/er/../../../ours/secret
END
attack PATH-22 'a link in the place of the file' attack_in_its_place
attack PATH-22 'the same between the look and the reading' attack_swapped
tap_done
