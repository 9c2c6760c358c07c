# shellcheck shell=bash
#
# Reads files as /proc/PID/status.

# value KEY FILE: its blanks made single.  No process is started for it.
value() {
	local words

	while read -ra words; do
		if [ "${words[0]-}" = "$1:" ]; then
			echo "${words[*]:1}"
		fi
	done <"$2"
}
