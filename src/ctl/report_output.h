#ifndef PSW_CTL_REPORT_OUTPUT_H
#define PSW_CTL_REPORT_OUTPUT_H

#include "base/strbuf.h"
#include "ctl/report.h"

/*
 * A log's totals, finished, in one form each; privsep-wrapctl(8) has the forms.
 * What callers and policies have put into the log is written as a quoted word, or
 * escaped in JSON: nothing of it reaches a terminal as it is.
 */
void report_append_table(struct strbuf *buffer, const struct totals *totals, size_t width);
void report_append_columns(struct strbuf *buffer, const struct totals *totals);
void report_append_json(struct strbuf *buffer, const struct totals *totals);
void report_append_csv(struct strbuf *buffer, const struct totals *totals);

/* One record in one line, without its newline: as text in the form of the trail, or as a JSON object. */
void report_append_record(struct strbuf *buffer, const struct assembled *record, bool json);

/* The numbers of a row, in the order in which all forms have them. */
struct report_column {
	const char *name;
	const char *title;      /* of the table */
	size_t offset;          /* in struct totals_row */
};

enum { REPORT_COLUMNS = 8, REPORT_TOP = 10 };

extern const struct report_column report_columns[REPORT_COLUMNS];

uint64_t report_number(const struct totals_row *row, size_t column);

/* "filter", "user", "unit" or "command" */
extern const char *const report_groupings[];

/*
 * Text as a cell of RFC 4180, quoted where needed.  What a spreadsheet would take
 * for a formula gets a ' in front.
 */
void report_append_cell(struct strbuf *buffer, const char *text);

#endif
