#include "ctl/report_unused.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "ctl/report_output.h"
#include "policy/context.h"

int report_unused_load(struct report_unused *unused, const struct report_options *options)
{
	const struct ctl_options load = { .assume_programs = options->assume_programs };

	*unused = (struct report_unused){ 0 };
	if (ctl_load(&unused->loaded, options->unused, &load) == 0)
		return 0;
	for (const struct problem *problem = unused->loaded.problems.first; problem; problem = problem->next) {
		if (problem->severity == SEVERITY_FATAL)
			ctl_print_problem(problem, false);
	}
	return -1;
}

void report_unused_note(struct report_unused *unused, const struct entry *entry)
{
	const char *const key[TOTALS_KEY_PARTS] = { entry_value(entry, "src"), entry_value(entry, "filter") };

	if (strcmp(entry->kind, "allow") == 0 && key[0] && key[1])
		totals_table_row(&unused->seen, key);
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

static bool is_filter(const struct filter *filter, const struct totals_row *seen, bool with_line)
{
	CLEANUP(strbuf_free) struct strbuf source = { 0 };
	const char *recorded = seen->key[0];

	append_source(&source, filter);
	if (!is_recorded_as(filter->name, strlen(filter->name), seen->key[1], strlen(seen->key[1])))
		return false;
	if (with_line)
		return is_recorded_as(source.text, source.length, recorded, strlen(recorded));
	return is_recorded_as(source.text, file_length(source.text), recorded, file_length(recorded));
}

static bool mark(const struct filter_list *list, const struct totals_row *seen, bool with_line, bool *used)
{
	bool found = false;

	for (size_t i = 0; i < list->count; i++) {
		if (!is_filter(list->filters[i], seen, with_line))
			continue;
		used[i] = true;
		found = true;
	}
	return found;
}

/* Which filters allowed something: the line may have changed since, the file and the name say enough then. */
static bool *find_used(const struct report_unused *unused)
{
	const struct filter_list *list = &unused->loaded.policy.list;
	bool *used = memory_allocate(list->count, sizeof(*used));

	for (size_t i = 0; i < unused->seen.count; i++) {
		if (!mark(list, unused->seen.rows[i], true, used))
			mark(list, unused->seen.rows[i], false, used);
	}
	return used;
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
			report_append_value(&word, values[i]);
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
	bool *used = find_used(unused);
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
	free(used);
}

void report_unused_free(struct report_unused *unused)
{
	ctl_free(&unused->loaded);
	totals_table_free(&unused->seen);
}
