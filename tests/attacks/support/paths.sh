# shellcheck shell=bash disable=SC2034    # the attacks read the variables
#
# Sourced after lib.sh: what the attacks on paths share.  A PathFilter's command changes files below $BASE, which is
# svc's; what is below $PROTECTED is root's and must stay as it is.

# shellcheck source=tests/functional/support/guarded.sh
. "${BASH_SOURCE[0]%/*}/../../functional/support/guarded.sh"

TREE=$BASE/tree                         # svc's, with links to what is root's; made by `tree tree`

# no_match ASPECT COMMAND [ARG...]: no filter matches.
no_match() {
	refused_with 99 no-match "$@"
}

# gets ASPECT PATH COMMAND [ARG...]: it runs `look`, which gets this path.
gets() {
	permitted "$1" "${@:3}"
	case_is "$1: it gets" "$(sed -n 's/^arg //p' <<<"$OUT" | tail -n 1)" "$2"
}

# unharmed ASPECT COMMAND [ARG...]: what is root's is the same after it as before.
unharmed() {
	local before

	before=$(look_at tree)
	"${@:2}"
	case_is "$1: what is root's" "$(look_at tree)" "$before"
}

# owner FILE
owner() {
	stat -c %U "$1"
}

# own_copy NAME PROGRAM: so that one program can be under several names.
own_copy() {
	cp "$(command -v "$2")" "$EXEC/$1"
}

command -v cc >/dev/null || tap_skip_all 'needs a C compiler'
cc -std=c11 -D_GNU_SOURCE -O2 -o "$EXEC/look" "${BASH_SOURCE[0]%/*}/state.c"
tree tree
