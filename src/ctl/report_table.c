#include "ctl/report_table.h"

#include "base/quote.h"
#include "report/when.h"

void report_end_line(struct strbuf *buffer, size_t start, size_t width)
{
	while (buffer->length > start && buffer->text[buffer->length - 1] == ' ')
		buffer->length--;
	if (buffer->length - start > width) {
		buffer->length = start + width - 3;
		strbuf_append_string(buffer, "...");
	}
	strbuf_append_char(buffer, '\n');
}

/* ", denied 3", if there is any. */
static void append_count(struct strbuf *buffer, const char *name, uint64_t number)
{
	if (number > 0)
		strbuf_append_format(buffer, ", %s %llu", name, (unsigned long long)number);
}

static void append_summary(struct strbuf *buffer, const struct totals *totals, size_t width)
{
	const struct totals_row *all = &totals->all;
	size_t start = buffer->length;

	strbuf_append_format(buffer, "allowed %llu, denied %llu, errors %llu", (unsigned long long)all->allowed,
			     (unsigned long long)all->denied, (unsigned long long)all->errors);
	append_count(buffer, "exits", all->exits);
	append_count(buffer, "failed", all->failed);
	append_count(buffer, "timed out", all->timed_out);
	report_end_line(buffer, start, width);
	if (all->first == ENTRY_NO_TIME)
		return;
	start = buffer->length;
	strbuf_append_string(buffer, "from ");
	when_append_local(buffer, all->first);
	strbuf_append_string(buffer, " to ");
	when_append_local(buffer, all->last);
	report_end_line(buffer, start, width);
}

static void append_refusals(struct strbuf *buffer, const char *title, const struct totals_table *table, size_t width)
{
	if (table->count > 0)
		strbuf_append_format(buffer, "\n%s\n", title);
	for (size_t i = 0; i < table->count && i < REPORT_TOP; i++) {
		const struct totals_row *row = table->rows[i];
		size_t start = buffer->length;

		strbuf_append_format(buffer, "%10llu  ", (unsigned long long)totals_row_requests(row));
		quote_append_value(buffer, row->key[0]);
		strbuf_append_char(buffer, ' ');
		quote_append_value(buffer, row->key[1]);
		if (row->key[2])
			strbuf_append_format(buffer, "  %s", row->key[2]);
		report_end_line(buffer, start, width);
	}
	if (totals_row_requests(&table->others) > 0)
		strbuf_append_format(buffer, "%10llu  (others)\n",
				     (unsigned long long)totals_row_requests(&table->others));
}

static void append_slowest(struct strbuf *buffer, const struct totals *totals, size_t width)
{
	if (totals->slowest_count > 0)
		strbuf_append_string(buffer, "\nSLOWEST (ms, status, filter, command)\n");
	for (size_t i = 0; i < totals->slowest_count; i++) {
		const struct totals_run *run = &totals->slowest[i];
		size_t start = buffer->length;

		strbuf_append_format(buffer, "%10llu  ", (unsigned long long)run->ms);
		quote_append_value(buffer, run->status[0] ? run->status : NULL);
		strbuf_append_string(buffer, "  ");
		quote_append_value(buffer, run->filter);
		strbuf_append_format(buffer, "  %s", run->command ? run->command : "-");
		report_end_line(buffer, start, width);
	}
}

static void append_doubt(struct strbuf *buffer, const char *name, uint64_t number, size_t width)
{
	size_t start = buffer->length;

	if (number == 0)
		return;
	strbuf_append_format(buffer, "%10llu  %s", (unsigned long long)number, name);
	report_end_line(buffer, start, width);
}

/* What the numbers above leave out, or may have wrong. */
static void append_doubts(struct strbuf *buffer, const struct totals *totals, size_t width)
{
	uint64_t others = totals_row_requests(&totals->refusals.others);

	if ((totals->incomplete | totals->damaged | totals->undated | totals->other_lines | others) > 0)
		strbuf_append_string(buffer, "\nNOT COUNTED, OR NOT WHOLE\n");
	append_doubt(buffer, "records with parts missing", totals->incomplete, width);
	append_doubt(buffer, "damaged lines", totals->damaged, width);
	append_doubt(buffer, "records without a time, left out", totals->undated, width);
	append_doubt(buffer, "refusals not told apart: too many different commands", others, width);
	append_doubt(buffer, "lines of other programs", totals->other_lines, width);
}

void report_append_table(struct strbuf *buffer, const struct totals *totals, size_t width)
{
	append_summary(buffer, totals, width);
	report_append_groups(buffer, totals, width);
	append_refusals(buffer, "REASONS", &totals->reasons, width);
	append_refusals(buffer, "REFUSED MOST OFTEN", &totals->refusals, width);
	append_slowest(buffer, totals, width);
	append_doubts(buffer, totals, width);
}
