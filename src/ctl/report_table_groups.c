#include <stdio.h>

#include "base/quote.h"
#include "ctl/report_table.h"
#include "report/when.h"

enum {
	ROWS_MAX = 30,          /* groups that are shown */
	NAME_MIN = 12,
	BAR_MIN = 8,
	TIME_WIDTH = sizeof("2026-11-26 05:34:21") - 1,
	GAP = 2,                /* blanks between two columns */
};

/* What has room in a line. */
struct layout {
	size_t width;
	size_t name;
	size_t columns[REPORT_COLUMNS];         /* 0: left out */
	bool first;
	bool last;
	size_t bar;                             /* 0: left out */
	uint64_t most;                          /* requests, for the longest bar */
};

static size_t digits(uint64_t number)
{
	return (size_t)snprintf(NULL, 0, "%llu", (unsigned long long)number);
}

static size_t value_width(const char *value)
{
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	quote_append_value(&text, value);
	return text.length;
}

static size_t shown_rows(const struct totals *totals)
{
	return totals->groups.count < ROWS_MAX ? totals->groups.count : ROWS_MAX;
}

/* A column as wide as its title and the sum of all: no row has a larger number. */
static size_t column_width(const struct totals *totals, size_t column)
{
	size_t title = (size_t)snprintf(NULL, 0, "%s", report_columns[column].title);
	uint64_t number = report_number(&totals->all, column);

	if (number == 0)
		return 0;
	return digits(number) > title ? digits(number) : title;
}

/* Columns get room from the left to the right, then the times, and the bar what is left. */
static struct layout lay_out(const struct totals *totals, size_t width)
{
	struct layout layout = { .width = width, .name = NAME_MIN };
	size_t used;

	for (size_t i = 0; i < shown_rows(totals); i++) {
		size_t name = value_width(totals->groups.rows[i]->key[0]);
		uint64_t requests = totals_row_requests(totals->groups.rows[i]);

		layout.name = name > layout.name ? name : layout.name;
		layout.most = requests > layout.most ? requests : layout.most;
	}
	if (layout.name > width / 3 && layout.name > NAME_MIN)
		layout.name = width / 3 > NAME_MIN ? width / 3 : NAME_MIN;
	used = layout.name;
	for (size_t i = 0; i < REPORT_COLUMNS; i++) {
		size_t column = column_width(totals, i);

		if (column == 0 || used + GAP + column > width)
			continue;
		layout.columns[i] = column;
		used += GAP + column;
	}
	layout.last = used + GAP + TIME_WIDTH + GAP + BAR_MIN <= width;
	used += layout.last ? GAP + TIME_WIDTH : 0;
	layout.first = used + GAP + TIME_WIDTH + GAP + BAR_MIN <= width;
	used += layout.first ? GAP + TIME_WIDTH : 0;
	layout.bar = used + GAP + BAR_MIN <= width ? width - used - GAP : 0;
	return layout;
}

static void append_name(struct strbuf *buffer, const struct layout *layout, const char *name)
{
	size_t length = (size_t)snprintf(NULL, 0, "%s", name);

	if (length > layout->name)
		strbuf_append_format(buffer, "%.*s...", (int)layout->name - 3, name);
	else
		strbuf_append_format(buffer, "%-*s", (int)layout->name, name);
}

static void append_head(struct strbuf *buffer, const struct totals *totals, const struct layout *layout)
{
	static const char *const titles[] = {
		[TOTALS_BY_FILTER] = "FILTER",
		[TOTALS_BY_USER] = "USER",
		[TOTALS_BY_UNIT] = "UNIT",
		[TOTALS_BY_COMMAND] = "COMMAND",
	};
	size_t start = buffer->length;

	append_name(buffer, layout, titles[totals->by]);
	for (size_t i = 0; i < REPORT_COLUMNS; i++) {
		if (layout->columns[i] > 0)
			strbuf_append_format(buffer, "  %*s", (int)layout->columns[i], report_columns[i].title);
	}
	if (layout->first)
		strbuf_append_format(buffer, "  %-*s", TIME_WIDTH, "FIRST");
	if (layout->last)
		strbuf_append_format(buffer, "  %-*s", TIME_WIDTH, "LAST");
	report_end_line(buffer, start, layout->width);
}

static void append_time(struct strbuf *buffer, int64_t time)
{
	strbuf_append_string(buffer, "  ");
	if (time == ENTRY_NO_TIME)
		strbuf_append_format(buffer, "%-*s", TIME_WIDTH, "-");
	else
		when_append_local(buffer, time);
}

/* Whoever has a request has a mark. */
static void append_bar(struct strbuf *buffer, const struct layout *layout, uint64_t requests)
{
	double share = layout->most > 0 ? (double)requests / (double)layout->most : 0;
	size_t length = (size_t)(share * (double)layout->bar);

	if (length == 0 && requests > 0)
		length = 1;
	if (length > layout->bar)
		length = layout->bar;
	strbuf_append_string(buffer, "  ");
	for (size_t i = 0; i < length; i++)
		strbuf_append_char(buffer, '#');
}

static void append_row(struct strbuf *buffer, const struct layout *layout, const char *name,
		       const struct totals_row *row)
{
	size_t start = buffer->length;

	append_name(buffer, layout, name);
	for (size_t i = 0; i < REPORT_COLUMNS; i++) {
		if (layout->columns[i] > 0)
			strbuf_append_format(buffer, "  %*llu", (int)layout->columns[i],
					     (unsigned long long)report_number(row, i));
	}
	if (layout->first)
		append_time(buffer, row->first);
	if (layout->last)
		append_time(buffer, row->last);
	if (layout->bar > 0)
		append_bar(buffer, layout, totals_row_requests(row));
	report_end_line(buffer, start, layout->width);
}

void report_append_groups(struct strbuf *buffer, const struct totals *totals, size_t width)
{
	struct layout layout = lay_out(totals, width);
	size_t shown = shown_rows(totals);

	if (totals->groups.count == 0)
		return;
	strbuf_append_char(buffer, '\n');
	append_head(buffer, totals, &layout);
	for (size_t i = 0; i < shown; i++) {
		const struct totals_row *row = totals->groups.rows[i];
		CLEANUP(strbuf_free) struct strbuf name = { 0 };

		quote_append_value(&name, row->key[0]);
		append_row(buffer, &layout, name.text, row);
	}
	if (totals_row_requests(&totals->groups.others) > 0)
		append_row(buffer, &layout, "(others)", &totals->groups.others);
	if (totals->groups.count > shown)
		strbuf_append_format(buffer, "and %zu more\n", totals->groups.count - shown);
}
