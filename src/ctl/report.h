#ifndef PSW_CTL_REPORT_H
#define PSW_CTL_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "report/totals.h"

/* `report`: 1 says that not all of the trail could be read. */
enum { REPORT_NOT_WHOLE = 1 };

enum report_format {
	REPORT_TEXT,            /* a table on a terminal, else columns with tabs between them */
	REPORT_JSON,
	REPORT_CSV,
};

struct report_options {
	int64_t now;            /* microseconds */
	int64_t since;          /* INT64_MIN: from the first */
	int64_t until;          /* records before it; INT64_MAX: to the last */
	enum totals_by by;
	bool denied;
	bool reassemble;
	enum report_format format;
	const char *unused;     /* the conf; NULL: not asked for */
	bool assume_programs;   /* as for the other subcommands */
	char **files;           /* "-" is standard input */
	size_t file_count;
};

/* Takes the words after "report"; files are put at the front of argv.  Returns -1 if they make no sense. */
int report_read_options(int argc, char **argv, int64_t now, struct report_options *options,
			struct error *error) MUST_CHECK;

/* Returns the exit status. */
int ctl_report(const struct report_options *options);

#endif
