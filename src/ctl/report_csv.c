#include <string.h>

#include "base/quote.h"
#include "ctl/report_output.h"
#include "report/when.h"

/* No cell of ours needs quotes for another reason, but a spreadsheet may split at more than commas. */
static bool is_plain(const char *text)
{
	return text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:-")] == '\0';
}

void report_append_cell(struct strbuf *buffer, const char *text)
{
	const char *prefix = *text && strchr("=+-@\t\r", *text) ? "'" : "";

	strbuf_append_string(buffer, is_plain(text) ? prefix : "\"");
	if (!is_plain(text))
		strbuf_append_string(buffer, prefix);
	for (const char *at = text; *at; at++) {
		if (*at == '"')
			strbuf_append_char(buffer, '"');
		strbuf_append_char(buffer, *at);
	}
	if (!is_plain(text))
		strbuf_append_char(buffer, '"');
}

static void append_time(struct strbuf *buffer, int64_t time)
{
	strbuf_append_char(buffer, ',');
	if (time != ENTRY_NO_TIME)
		when_append_utc(buffer, time);
}

static void append_row(struct strbuf *buffer, const char *name, const struct totals_row *row)
{
	report_append_cell(buffer, name);
	for (size_t i = 0; i < REPORT_COLUMNS; i++)
		strbuf_append_format(buffer, ",%llu", (unsigned long long)report_number(row, i));
	append_time(buffer, row->first);
	append_time(buffer, row->last);
	strbuf_append_string(buffer, "\r\n");
}

void report_append_csv(struct strbuf *buffer, const struct totals *totals)
{
	strbuf_append_string(buffer, report_groupings[totals->by]);
	for (size_t i = 0; i < REPORT_COLUMNS; i++)
		strbuf_append_format(buffer, ",%s", report_columns[i].name);
	strbuf_append_string(buffer, ",first,last\r\n");
	for (size_t i = 0; i < totals->groups.count; i++) {
		const struct totals_row *row = totals->groups.rows[i];
		CLEANUP(strbuf_free) struct strbuf name = { 0 };

		if (row->key[0])
			quote_append_value(&name, row->key[0]);
		append_row(buffer, strbuf_text(&name), row);
	}
	if (totals_row_requests(&totals->groups.others) > 0)
		append_row(buffer, "(others)", &totals->groups.others);
}
