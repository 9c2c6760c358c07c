#include "ctl/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ctl/command.h"
#include "ctl/report_input.h"
#include "ctl/report_output.h"
#include "ctl/report_unused.h"

enum { WIDTH = 80, WIDTH_MIN = 40, WIDTH_MAX = 1000 };

struct report {
	struct report_reader reader;    /* first: what it passes is a report */
	const struct report_options *options;
	struct assembly assembly;
	struct totals totals;
	struct report_unused unused;
};

static bool is_kind(const struct assembled *record, const char *kind)
{
	return strcmp(record->entry.kind, kind) == 0;
}

/* Whether the record is asked for.  What may be a part of a denial is not left out. */
static bool is_selected(struct report *report, const struct assembled *record)
{
	const struct report_options *options = report->options;
	int64_t time = record->entry.time;

	if (options->denied && (is_kind(record, "allow") || is_kind(record, "exit")))
		return false;
	if (options->since == INT64_MIN && options->until == INT64_MAX)
		return true;
	if (time == ENTRY_NO_TIME) {
		report->totals.undated++;
		return false;
	}
	return time >= options->since && time < options->until;
}

static void print_record(const struct assembled *record, bool json)
{
	CLEANUP(strbuf_free) struct strbuf line = { 0 };

	report_append_record(&line, record, json);
	strbuf_append_char(&line, '\n');
	fputs(line.text, stdout);
}

static void take_record(struct report *report, const struct assembled *record)
{
	const struct report_options *options = report->options;

	if (is_kind(record, "allow") && !options->denied && !options->reassemble && !options->unused)
		totals_remember(&report->totals, &record->entry);
	if (!is_selected(report, record))
		return;
	totals_add(&report->totals, record);
	if (options->unused)
		report_unused_note(&report->unused, &record->entry);
	else if (options->reassemble)
		print_record(record, options->format == REPORT_JSON);
}

static void take_line(struct report_reader *reader, const char *line, size_t length, bool cut)
{
	struct report *report = (struct report *)reader;
	const struct entry_clock clock = { .now = report->options->now };
	struct arena arena = { 0 };
	struct assembled record;
	struct entry entry;
	enum entry_result result = entry_read(line, length, &clock, &arena, &entry);

	if (result == ENTRY_OTHER) {
		report->totals.other_lines++;
	} else if (result == ENTRY_DAMAGED || cut) {
		report->totals.damaged++;
	} else {
		reader->records++;
		if (assembly_add(&report->assembly, &entry, &record))
			take_record(report, &record);
	}
	arena_free(&arena);
}

/* That of the terminal, or else what the shell knows of it. */
static size_t terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	long width = WIDTH;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		width = size.ws_col;
	else if (columns && strtol(columns, NULL, 10) > 0)
		width = strtol(columns, NULL, 10);
	if (width < WIDTH_MIN)
		return WIDTH_MIN;
	return width > WIDTH_MAX ? WIDTH_MAX : (size_t)width;
}

static void append_totals(struct strbuf *buffer, const struct report *report)
{
	if (report->options->format == REPORT_JSON)
		report_append_json(buffer, &report->totals);
	else if (report->options->format == REPORT_CSV)
		report_append_csv(buffer, &report->totals);
	else if (isatty(STDOUT_FILENO))
		report_append_table(buffer, &report->totals, terminal_width());
	else
		report_append_columns(buffer, &report->totals);
}

static void tell_doubt(const char *name, uint64_t number)
{
	if (number > 0)
		fprintf(stderr, "privsep-wrapctl: %s: %llu\n", name, (unsigned long long)number);
}

/* Where the output has no place for it, standard error has. */
static void tell_doubts(const struct report *report)
{
	const struct report_options *options = report->options;

	if (options->format != REPORT_CSV && !options->unused && !options->reassemble)
		return;
	tell_doubt("records with parts missing", report->totals.incomplete);
	tell_doubt("damaged lines", report->totals.damaged);
	tell_doubt("records without a time, left out", report->totals.undated);
}

static int finish(struct report *report)
{
	CLEANUP(strbuf_free) struct strbuf output = { 0 };
	struct assembled record;

	while (assembly_take_incomplete(&report->assembly, &record))
		take_record(report, &record);
	totals_finish(&report->totals);
	if (report->options->unused)
		report_unused_append(&output, &report->unused, report->options->format);
	else if (!report->options->reassemble)
		append_totals(&output, report);
	fputs(strbuf_text(&output), stdout);
	if (fflush(stdout) != 0) { /* what follows is about it */
		perror("privsep-wrapctl: standard output");
		clearerr(stdout); /* the main need not say it again */
		return CTL_ERRORS;
	}
	tell_doubts(report);
	return report->totals.incomplete + report->totals.damaged > 0 ? REPORT_NOT_WHOLE : CTL_OK;
}

int ctl_report(const struct report_options *options)
{
	struct report report = { .options = options };
	struct error error;
	int status = CTL_ERRORS;

	report.reader.take = take_line;
	report.reader.show_progress = isatty(STDERR_FILENO) && !(options->reassemble && isatty(STDOUT_FILENO));
	totals_start(&report.totals, options->by);
	if (!options->unused || report_unused_load(&report.unused, options) == 0) {
		if (report_read_files(&report.reader, options->files, options->file_count, &error) == 0)
			status = finish(&report);
		else
			fprintf(stderr, "privsep-wrapctl: %s\n", error.text);
	}
	totals_free(&report.totals);
	assembly_free(&report.assembly);
	report_unused_free(&report.unused);
	return status;
}
