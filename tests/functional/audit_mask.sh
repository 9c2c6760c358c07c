#!/bin/bash
# What a context masks is in no record: neither as text nor as JSON, neither in syslog nor in audit_file, nor in
# parts.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"
# shellcheck source=tests/functional/support/trail.sh
. "$(dirname "$0")/support/trail.sh"

export LC_ALL=C
SECRET=hunter2

# hidden NAME STATUS WORDS... -- WANTED...: nothing of the secret is recorded; the wanted words are read back.
hidden() {
	local name=$1 status=$2 words=()

	shift 2
	while [ "$1" != -- ]; do
		words+=("$1")
		shift
	done
	shift
	audit_mark
	rm -f "$TRAIL_FILE"
	wrap "${words[@]}"
	audit_records >"$SANDBOX/records"
	printf '%s\0' "$@" >"$SANDBOX/wanted"
	tap_is "$name: the status, and the secret's traces" \
		"$STATUS $(cat "$SANDBOX/records" "$TRAIL_FILE" | grep -c "$SECRET")" "$status 0"
	reads_back "$name: in syslog" "$FORM" raw "$KIND" <"$SANDBOX/records"
	reads_back "$name: in the file" "$FORM" file "$KIND" <"$TRAIL_FILE"
}

test_mask() {
	local long padding first

	long=$(printf "$SECRET%.0s" {1..1500})
	padding=$(printf '%8192s' '' | tr ' ' x)
	first=$(head -c 1700 <<<"$padding")
	KIND=allow hidden "$FORM, allow" 0 secretive --password "$SECRET" x --password="$SECRET" "$SECRET" -- \
		secretive --password '***' x --password='***' '***'
	KIND=allow hidden "$FORM, the secret is long" 0 secretive --password "$long" telling -- \
		secretive --password '***' telling
	KIND=allow hidden "$FORM, the record is in parts" 0 \
		secretive "$padding" --password "$SECRET" "$padding" -- \
		secretive "$padding" --password '***' "$padding"
	KIND=allow hidden "$FORM, the secret would be cut" 0 secretive "$first" --password "$long" "$padding" -- \
		secretive "$first" --password '***' "$padding"
	KIND=allow,exit hidden "$FORM, with an end" 0 ending --password "$SECRET" -- ending --password '***'
	KIND=allow,error hidden "$FORM, not executed" 127 broken --password "$SECRET" -- broken --password '***'
	KIND=deny hidden "$FORM, deny" 99 denied --password "$SECRET"$'\n' other -- denied --password '***' other
	KIND=deny hidden "$FORM, deny, another program" 99 /usr/bin/secretive --password "$SECRET" -- \
		/usr/bin/secretive --password '***'
	KIND=error hidden "$FORM, error" 97 ghost --password "$SECRET" -- ghost --password '***'
}

# The only words of such a command are its beginning and the end of its last one.
test_too_long() {
	local word

	word=$(printf '%100000s' '' | tr ' ' x)
	audit_mark
	rm -f "$TRAIL_FILE"
	wrap secretive --password "$SECRET" "$word" "$word" "$word" --password "$SECRET"
	audit_records >"$SANDBOX/records"
	tap_is "$FORM, too long: the secret's traces" \
		"$STATUS $(cat "$SANDBOX/records" "$TRAIL_FILE" | grep -c "$SECRET")" '99 0'
	tap_like "$FORM, too long: hidden in tail" "$(cat "$SANDBOX/records")" "tail(=|\":\")'?\*\*\*['\"]"
	tap_like "$FORM, too long: hidden in the beginning" "$(cat "$SANDBOX/records")" \
		"password['\"]?[ ,]['\"]\*\*\*"
}

policy <<-'END'
	secretive: CommandFilter, secretive, root
	ending: CommandFilter, ending, root
	broken: CommandFilter, broken, root
	denied: RegExpFilter, secretive, root, denied, --password
	ghost: CommandFilter, ghost, nobody-knows
	[Context secret]
	filters = secretive, broken, denied, ghost
	mask = --password, 5
	[Context ending]
	filters = ending
	mask = --password
	log_exit = True
END
for name in secretive ending denied ghost; do
	printf '#!/bin/true\n' >"$EXEC/$name"
done
printf '#!/nonexistent\n' >"$EXEC/broken"
chmod 0755 "$EXEC"/*
for FORM in text json; do
	trail_conf "$FORM"
	test_mask
	test_too_long
done
tap_done
