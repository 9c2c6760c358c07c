#ifndef PSW_LINE_H
#define PSW_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/entry.h"

/*
 * A line of a log without what the log has put around the message: `<PRI>`, a
 * time as timestamp.h reads it, the host, `privsep-wrap[PID]: `; or the object
 * that `journalctl -o json` makes of all that; or the record as an object with the
 * time, RFC 3339, in a member beside its own.
 */
struct line {
	int64_t time;           /* ENTRY_NO_TIME: none */
	const char *message;    /* in the arena; no blanks around it, no zero byte in it */
};

/*
 * ENTRY_RECORD: the message is one of ours, as far as the line's ident tells, or
 * has no ident and begins as a record does.  A message without an ident must
 * stand at the beginning of its line: journalctl indents what goes on from the
 * line before, and that can be anybody's text.  ENTRY_DAMAGED is a line that
 * names us but cannot be taken apart.
 */
enum entry_result line_read(const char *text, size_t length, const struct entry_clock *clock, struct arena *arena,
			    struct line *line) MUST_CHECK;

#endif
