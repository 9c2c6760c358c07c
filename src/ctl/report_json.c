#include "base/json.h"
#include "ctl/report_output.h"
#include "report/when.h"

static void append_number(struct strbuf *buffer, const char *name, uint64_t number)
{
	strbuf_append_format(buffer, ",\"%s\":%llu", name, (unsigned long long)number);
}

static void append_string(struct strbuf *buffer, const char *name, const char *value)
{
	strbuf_append_format(buffer, ",\"%s\":", name);
	json_append_string_or_null(buffer, value);
}

static void append_time(struct strbuf *buffer, const char *name, int64_t time)
{
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	if (time != ENTRY_NO_TIME)
		when_append_utc(&text, time);
	append_string(buffer, name, text.text);
}

/* The members of a row, the first of which is the one given. */
static void append_row(struct strbuf *buffer, const char *name, const struct totals_row *row)
{
	strbuf_append_string(buffer, "{\"name\":");
	json_append_string_or_null(buffer, name);
	for (size_t i = 0; i < REPORT_COLUMNS; i++)
		append_number(buffer, report_columns[i].name, report_number(row, i));
	append_time(buffer, "first", row->first);
	append_time(buffer, "last", row->last);
	strbuf_append_char(buffer, '}');
}

static void append_groups(struct strbuf *buffer, const struct totals *totals)
{
	strbuf_append_string(buffer, "{\"total\":");
	append_row(buffer, NULL, &totals->all);
	append_string(buffer, "by", report_groupings[totals->by]);
	strbuf_append_string(buffer, ",\"groups\":[");
	for (size_t i = 0; i < totals->groups.count; i++) {
		strbuf_append_string(buffer, i > 0 ? "," : "");
		append_row(buffer, totals->groups.rows[i]->key[0], totals->groups.rows[i]);
	}
	strbuf_append_string(buffer, "],\"others\":");
	if (totals_row_requests(&totals->groups.others) > 0)
		append_row(buffer, NULL, &totals->groups.others);
	else
		strbuf_append_string(buffer, "null");
}

static void append_refusals(struct strbuf *buffer, const char *name, const struct totals_table *table, size_t most,
			    bool command)
{
	strbuf_append_format(buffer, ",\"%s\":[", name);
	for (size_t i = 0; i < table->count && i < most; i++) {
		const struct totals_row *row = table->rows[i];

		strbuf_append_format(buffer, "%s{\"count\":%llu", i > 0 ? "," : "",
				     (unsigned long long)totals_row_requests(row));
		append_string(buffer, "record", row->key[0]);
		append_string(buffer, "reason", row->key[1]);
		if (command)
			append_string(buffer, "command", row->key[2]);
		strbuf_append_char(buffer, '}');
	}
	strbuf_append_format(buffer, "],\"other_%s\":%llu", name,
			     (unsigned long long)totals_row_requests(&table->others));
}

static void append_slowest(struct strbuf *buffer, const struct totals *totals)
{
	strbuf_append_string(buffer, ",\"slowest\":[");
	for (size_t i = 0; i < totals->slowest_count; i++) {
		const struct totals_run *run = &totals->slowest[i];

		strbuf_append_format(buffer, "%s{\"ms\":%llu", i > 0 ? "," : "", (unsigned long long)run->ms);
		append_string(buffer, "status", run->status[0] ? run->status : NULL);
		append_time(buffer, "time", run->time);
		append_string(buffer, "filter", run->filter);
		append_string(buffer, "command", run->command);
		strbuf_append_char(buffer, '}');
	}
	strbuf_append_char(buffer, ']');
}

void report_append_json(struct strbuf *buffer, const struct totals *totals)
{
	append_groups(buffer, totals);
	append_refusals(buffer, "reasons", &totals->reasons, SIZE_MAX, false);
	append_refusals(buffer, "refused", &totals->refusals, REPORT_TOP, true);
	append_slowest(buffer, totals);
	append_number(buffer, "incomplete", totals->incomplete);
	append_number(buffer, "damaged", totals->damaged);
	append_number(buffer, "undated", totals->undated);
	append_number(buffer, "other_lines", totals->other_lines);
	strbuf_append_string(buffer, "}\n");
}
