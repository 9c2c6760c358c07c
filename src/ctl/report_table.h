#ifndef PSW_CTL_REPORT_TABLE_H
#define PSW_CTL_REPORT_TABLE_H

#include "ctl/report_output.h"

/* The rows of the groups, as wide as the terminal. */
void report_append_groups(struct strbuf *buffer, const struct totals *totals, size_t width);

/* Ends a line that began at start and cuts it: all is ASCII, so that a byte is a column. */
void report_end_line(struct strbuf *buffer, size_t start, size_t width);

#endif
