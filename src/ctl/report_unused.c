#include "ctl/report_unused.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/quote.h"
#include "ctl/report_output.h"
#include "policy/context.h"

int report_unused_load(struct report_unused *unused, const struct report_options *options)
{
	const struct ctl_options load = { .assume_programs = options->assume_programs };

	*unused = (struct report_unused){ 0 };
	if (ctl_load(&unused->loaded, options->unused, &load) == 0) {
		unused->used = memory_allocate(unused->loaded.policy.list.count, sizeof(*unused->used));
		return 0;
	}
	for (const struct problem *problem = unused->loaded.problems.first; problem; problem = problem->next) {
		if (problem->severity == SEVERITY_FATAL)
			ctl_print_problem(problem, false);
	}
	return -1;
}

/* Of a long value a record has the end, after "...". */
static bool is_recorded_as(const char *value, size_t length, const char *recorded, size_t recorded_length)
{
	if (length == recorded_length && memcmp(value, recorded, length) == 0)
		return true;
	if (recorded_length <= strlen("...") || strncmp(recorded, "...", strlen("...")) != 0)
		return false;
	recorded += strlen("...");
	recorded_length -= strlen("...");
	return recorded_length < length && memcmp(value + length - recorded_length, recorded, recorded_length) == 0;
}

/* The length of "FILE:LINE" without the line. */
static size_t file_length(const char *source)
{
	const char *colon = strrchr(source, ':');

	return colon ? (size_t)(colon - source) : strlen(source);
}

static void append_source(struct strbuf *buffer, const struct filter *filter)
{
	strbuf_append_format(buffer, "%s:%u", filter->file, filter->line);
}

/* What an allow record says about its filter. */
struct recorded {
	const char *source;
	const char *name;
};

/* The name is asked first: with most filters it ends there, for every line of a log. */
static bool is_filter(const struct filter *filter, const struct recorded *recorded, bool with_line)
{
	CLEANUP(strbuf_free) struct strbuf source = { 0 };

	if (!is_recorded_as(filter->name, strlen(filter->name), recorded->name, strlen(recorded->name)))
		return false;
	append_source(&source, filter);
	if (with_line)
		return is_recorded_as(source.text, source.length, recorded->source, strlen(recorded->source));
	return is_recorded_as(source.text, file_length(source.text), recorded->source,
			      file_length(recorded->source));
}

static bool mark(const struct filter_list *list, const struct recorded *recorded, bool with_line, bool *used)
{
	bool found = false;

	for (size_t i = 0; i < list->count; i++) {
		if (!is_filter(list->filters[i], recorded, with_line))
			continue;
		used[i] = true;
		found = true;
	}
	return found;
}

/* The line may have changed since, the file and the name say enough then. */
void report_unused_note(struct report_unused *unused, const struct entry *entry)
{
	const struct recorded recorded = { entry_value(entry, "src"), entry_value(entry, "filter") };
	const struct filter_list *list = &unused->loaded.policy.list;

	if (strcmp(entry->kind, "allow") != 0 || !recorded.source || !recorded.name)
		return;
	if (!mark(list, &recorded, true, unused->used))
		mark(list, &recorded, false, unused->used);
}

/* Whether a chaining filter that was used may have had the filter allow its inner command. */
static bool may_be_inner(const struct filter_list *list, const struct filter *filter, const bool *used)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct filter *outer = list->filters[i];

		if (used[i] && outer->class->chaining && strcmp(outer->run_as, filter->run_as) == 0)
			return true;
	}
	return false;
}

/* Why nothing can be concluded; NULL: nothing speaks for the filter. */
static const char *note(const struct filter_list *list, const struct filter *filter, const bool *used)
{
	if (filter->unusable)
		return "unusable";
	if (!filter->context->log_allowed)
		return "not-recorded";
	return may_be_inner(list, filter, used) ? "perhaps-inner" : NULL;
}

static void append_json(struct strbuf *buffer, const struct filter *filter, const char *source, const char *remark)
{
	strbuf_append_string(buffer, "{\"source\":");
	json_append_string(buffer, source);
	strbuf_append_string(buffer, ",\"filter\":");
	json_append_string(buffer, filter->name);
	strbuf_append_string(buffer, ",\"class\":");
	json_append_string(buffer, filter->class->name);
	strbuf_append_string(buffer, ",\"note\":");
	json_append_string_or_null(buffer, remark);
	strbuf_append_char(buffer, '}');
}

/* The same as quoted words, in columns or as CSV. */
static void append_words(struct strbuf *buffer, const struct filter *filter, const char *source, const char *remark,
			 bool csv)
{
	const char *const values[] = { source, filter->name, filter->class->name, remark };

	for (size_t i = 0; i < ARRAY_LENGTH(values); i++) {
		CLEANUP(strbuf_free) struct strbuf word = { 0 };

		if (i > 0)
			strbuf_append_char(buffer, csv ? ',' : '\t');
		if (values[i] || !csv)
			quote_append_value(&word, values[i]);
		if (csv)
			report_append_cell(buffer, strbuf_text(&word));
		else
			strbuf_append_string(buffer, word.text);
	}
	strbuf_append_string(buffer, csv ? "\r\n" : "\n");
}

void report_unused_append(struct strbuf *buffer, const struct report_unused *unused, enum report_format format)
{
	const struct filter_list *list = &unused->loaded.policy.list;
	const bool *used = unused->used;
	bool any = false;

	if (format != REPORT_TEXT)
		strbuf_append_string(buffer,
				     format == REPORT_JSON ? "{\"unused\":[" : "source,filter,class,note\r\n");
	for (size_t i = 0; i < list->count; i++) {
		const struct filter *filter = list->filters[i];
		CLEANUP(strbuf_free) struct strbuf source = { 0 };

		if (used[i])
			continue;
		append_source(&source, filter);
		if (format == REPORT_JSON) {
			strbuf_append_string(buffer, any ? "," : "");
			append_json(buffer, filter, source.text, note(list, filter, used));
		} else {
			append_words(buffer, filter, source.text, note(list, filter, used), format == REPORT_CSV);
		}
		any = true;
	}
	if (format == REPORT_JSON)
		strbuf_append_string(buffer, "]}\n");
}

void report_unused_free(struct report_unused *unused)
{
	ctl_free(&unused->loaded);
	free(unused->used);
}
