#ifndef PSW_CTL_REPORT_INPUT_H
#define PSW_CTL_REPORT_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { REPORT_LINE_MAX = 1 << 20 };     /* bytes of a line that are looked at */

/* What gets the lines. */
struct report_reader {
	/* cut: the line is longer than REPORT_LINE_MAX, and this is its beginning. */
	void (*take)(struct report_reader *reader, const char *line, size_t length, bool cut);
	uint64_t records;       /* taken so far, for the progress */
	bool show_progress;     /* on standard error, once it takes long */
};

/* Reads files one after the other; "-" is standard input.  Returns -1 for one that cannot be read. */
int report_read_files(struct report_reader *reader, char *const *files, size_t count, struct error *error) MUST_CHECK;

#endif
