/* What the forms of a report have in common, and the one for awk: a line for each thing, tabs between its columns. */
#include "base/quote.h"
#include "ctl/report_output.h"
#include "report/when.h"

const struct report_column report_columns[REPORT_COLUMNS] = {
	{ "allowed", "ALLOWED", offsetof(struct totals_row, allowed) },
	{ "denied", "DENIED", offsetof(struct totals_row, denied) },
	{ "errors", "ERRORS", offsetof(struct totals_row, errors) },
	{ "exits", "EXITS", offsetof(struct totals_row, exits) },
	{ "failed", "FAILED", offsetof(struct totals_row, failed) },
	{ "timed_out", "TIMED OUT", offsetof(struct totals_row, timed_out) },
	{ "ms_total", "MS", offsetof(struct totals_row, ms_total) },
	{ "ms_max", "LONGEST MS", offsetof(struct totals_row, ms_max) },
};

const char *const report_groupings[] = {
	[TOTALS_BY_FILTER] = "filter",
	[TOTALS_BY_USER] = "user",
	[TOTALS_BY_UNIT] = "unit",
	[TOTALS_BY_COMMAND] = "command",
};

uint64_t report_number(const struct totals_row *row, size_t column)
{
	return *(const uint64_t *)(const void *)((const char *)row + report_columns[column].offset);
}

static void append_time(struct strbuf *buffer, int64_t time)
{
	strbuf_append_char(buffer, '\t');
	if (time == ENTRY_NO_TIME)
		strbuf_append_char(buffer, '-');
	else
		when_append_utc(buffer, time);
}

static void append_counts(struct strbuf *buffer, const struct totals_row *row)
{
	for (size_t i = 0; i < REPORT_COLUMNS; i++)
		strbuf_append_format(buffer, "\t%llu", (unsigned long long)report_number(row, i));
	append_time(buffer, row->first);
	append_time(buffer, row->last);
	strbuf_append_char(buffer, '\n');
}

static void append_groups(struct strbuf *buffer, const struct totals *totals)
{
	const char *grouping = report_groupings[totals->by];

	strbuf_append_string(buffer, "total\t-");
	append_counts(buffer, &totals->all);
	for (size_t i = 0; i < totals->groups.count; i++) {
		strbuf_append_format(buffer, "%s\t", grouping);
		quote_append_value(buffer, totals->groups.rows[i]->key[0]);
		append_counts(buffer, totals->groups.rows[i]);
	}
	if (totals_row_requests(&totals->groups.others) > 0) {
		strbuf_append_format(buffer, "%s\t(others)", grouping);
		append_counts(buffer, &totals->groups.others);
	}
}

static void append_refusals(struct strbuf *buffer, const char *name, const struct totals_table *table,
			    size_t most, bool command)
{
	for (size_t i = 0; i < table->count && i < most; i++) {
		const struct totals_row *row = table->rows[i];

		strbuf_append_format(buffer, "%s\t%llu\t", name, (unsigned long long)totals_row_requests(row));
		quote_append_value(buffer, row->key[0]);
		strbuf_append_char(buffer, '\t');
		quote_append_value(buffer, row->key[1]);
		if (row->key[2])
			strbuf_append_format(buffer, "\t%s", row->key[2]);
		strbuf_append_char(buffer, '\n');
	}
	if (totals_row_requests(&table->others) > 0)
		strbuf_append_format(buffer, "%s\t%llu\t-\t%s(others)\n", name,
				     (unsigned long long)totals_row_requests(&table->others),
				     command ? "-\t" : "");
}

static void append_slowest(struct strbuf *buffer, const struct totals *totals)
{
	for (size_t i = 0; i < totals->slowest_count; i++) {
		const struct totals_run *run = &totals->slowest[i];

		strbuf_append_format(buffer, "slowest\t%llu\t", (unsigned long long)run->ms);
		quote_append_value(buffer, run->status[0] ? run->status : NULL);
		append_time(buffer, run->time);
		strbuf_append_char(buffer, '\t');
		quote_append_value(buffer, run->filter);
		strbuf_append_format(buffer, "\t%s\n", run->command ? run->command : "-");
	}
}

void report_append_columns(struct strbuf *buffer, const struct totals *totals)
{
	append_groups(buffer, totals);
	append_refusals(buffer, "reason", &totals->reasons, SIZE_MAX, false);
	append_refusals(buffer, "refused", &totals->refusals, REPORT_TOP, true);
	append_slowest(buffer, totals);
	strbuf_append_format(buffer, "incomplete\t%llu\ndamaged\t%llu\nundated\t%llu\nother-lines\t%llu\n",
			     (unsigned long long)totals->incomplete, (unsigned long long)totals->damaged,
			     (unsigned long long)totals->undated, (unsigned long long)totals->other_lines);
}
