#include "report/totals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit_status.h"
#include "base/path.h"
#include "base/quote.h"

enum { MAX_DIGITS = 18 };       /* of numbers that are taken for such: sums of a whole log do not overflow early */

/* What one record adds to a row. */
struct event {
	size_t counter;         /* offset of one in struct totals_row */
	int64_t time;
	bool failed;
	bool timed_out;
	bool measured;
	uint64_t ms;
};

void totals_start(struct totals *totals, enum totals_by by)
{
	*totals = (struct totals){ .by = by };
	totals_row_clear(&totals->all);
}

/* Whoever wrote the line may have written anything for a number. */
static bool read_number(const char *text, uint64_t *number)
{
	size_t length = text ? strspn(text, "0123456789") : 0;

	if (length == 0 || length > MAX_DIGITS || text[length] != '\0')
		return false;
	*number = strtoull(text, NULL, 10);
	return true;
}

static void add_saturating(uint64_t *sum, uint64_t number)
{
	if (__builtin_add_overflow(*sum, number, sum))
		*sum = UINT64_MAX;
}

static void count(struct totals_row *row, const struct event *event)
{
	uint64_t *counter = (uint64_t *)(void *)((char *)row + event->counter);

	*counter += 1;
	row->failed += event->failed;
	row->timed_out += event->timed_out;
	if (event->measured) {
		add_saturating(&row->ms_total, event->ms);
		if (event->ms > row->ms_max)
			row->ms_max = event->ms;
	}
	if (event->time == ENTRY_NO_TIME)
		return;
	if (row->first == ENTRY_NO_TIME || event->time < row->first)
		row->first = event->time;
	if (row->last == ENTRY_NO_TIME || event->time > row->last)
		row->last = event->time;
}

/* The beginning of the command line, quoted: what a caller passed is bounded before it is looked at. */
static const char *command_head(const struct entry *entry, struct strbuf *text)
{
	size_t i;

	for (i = 0; i < entry->word_count && text->length <= TOTALS_COMMAND_MAX; i++) {
		char word[TOTALS_COMMAND_MAX + 2] = { 0 };

		memcpy(word, entry->words[i], strnlen(entry->words[i], sizeof(word) - 1));
		if (i > 0)
			strbuf_append_char(text, ' ');
		quote_append_word(text, word);
	}
	if (text->length > TOTALS_COMMAND_MAX) {
		text->length = TOTALS_COMMAND_MAX;
		strbuf_append_string(text, "...");
	}
	return text->text;
}

static const char *command_name(const struct entry *entry)
{
	const char *name;

	if (entry->word_count == 0)
		return NULL;
	name = path_base_name(entry->words[0]);
	return *name ? name : entry->words[0];
}

static const char *group_name(const struct totals *totals, const struct entry *entry)
{
	static const char *const keys[] = {
		[TOTALS_BY_FILTER] = "filter",
		[TOTALS_BY_USER] = "user",
		[TOTALS_BY_UNIT] = "unit",
	};

	return totals->by == TOTALS_BY_COMMAND ? command_name(entry) : entry_value(entry, keys[totals->by]);
}

void totals_remember(struct totals *totals, const struct entry *entry)
{
	CLEANUP(strbuf_free) struct strbuf command = { 0 };
	struct totals_allowed allowed = { .id = entry->id, .command = command_head(entry, &command) };
	char *name = NULL;

	if (group_name(totals, entry)) {
		/* one byte more than a table keeps: that it was longer still shows there */
		name = strndup(group_name(totals, entry), TOTALS_NAME_MAX + 1);
		allowed.group = name;
	}
	totals_waiting_add(&totals->waiting, &allowed);
	free(name);
}

static char *copy(const char *text)
{
	size_t length = text ? strnlen(text, TOTALS_NAME_MAX) : 0;
	char *result = text ? memory_allocate(length + 1, 1) : NULL;

	if (result)
		memcpy(result, text, length);
	return result;
}

static void free_run(struct totals_run *run)
{
	free(run->filter);
	free(run->command);
}

static void add_run(struct totals *totals, const struct event *event, const struct entry *entry,
		    const struct totals_allowed *allowed)
{
	struct totals_run run = { .ms = event->ms, .time = event->time };
	const char *status = entry_value(entry, "signal");
	size_t at = totals->slowest_count;

	while (at > 0 && totals->slowest[at - 1].ms < event->ms)
		at--;
	if (at == TOTALS_SLOWEST)
		return;
	if (!status)
		status = entry_value(entry, "status");
	snprintf(run.status, sizeof(run.status), "%s", status ? status : "");
	run.filter = copy(entry_value(entry, "filter"));
	run.command = copy(allowed ? allowed->command : NULL);
	if (totals->slowest_count == TOTALS_SLOWEST)
		free_run(&totals->slowest[--totals->slowest_count]);
	memmove(&totals->slowest[at + 1], &totals->slowest[at], (totals->slowest_count - at) * sizeof(run));
	totals->slowest[at] = run;
	totals->slowest_count++;
}

static void read_end(const struct entry *entry, struct event *event)
{
	uint64_t status = 0;
	bool exited = read_number(entry_value(entry, "status"), &status);

	event->timed_out = exited && status == EXIT_TIMED_OUT;
	event->failed = !event->timed_out && (status != 0 || entry_value(entry, "signal"));
	event->measured = read_number(entry_value(entry, "ms"), &event->ms);
}

static void add_exit(struct totals *totals, const struct entry *entry)
{
	const struct totals_allowed *allowed = totals_waiting_find(&totals->waiting, entry->id);
	struct event event = { .counter = offsetof(struct totals_row, exits), .time = entry->time };
	const char *group = allowed ? allowed->group : NULL;

	read_end(entry, &event);
	if (totals->by == TOTALS_BY_FILTER)
		group = entry_value(entry, "filter");
	count(&totals->all, &event);
	count(totals_table_row(&totals->groups, (const char *const[TOTALS_KEY_PARTS]){ group }), &event);
	if (event.measured)
		add_run(totals, &event, entry, allowed);
}

static void add_refusal(struct totals *totals, const struct entry *entry, const struct event *event)
{
	CLEANUP(strbuf_free) struct strbuf command = { 0 };
	const char *key[TOTALS_KEY_PARTS] = { entry->kind, entry_value(entry, "reason") };

	count(totals_table_row(&totals->reasons, key), event);
	key[2] = command_head(entry, &command);
	count(totals_table_row(&totals->refusals, key), event);
}

void totals_add(struct totals *totals, const struct assembled *record)
{
	const struct entry *entry = &record->entry;
	struct event event = { .time = entry->time };

	if (record->missing > 0)
		totals->incomplete++;
	if (strcmp(entry->kind, "exit") == 0) {
		add_exit(totals, entry);
		return;
	}
	if (strcmp(entry->kind, "allow") == 0)
		event.counter = offsetof(struct totals_row, allowed);
	else if (strcmp(entry->kind, "deny") == 0)
		event.counter = offsetof(struct totals_row, denied);
	else if (strcmp(entry->kind, "error") == 0)
		event.counter = offsetof(struct totals_row, errors);
	else
		return; /* the rest of a record whose beginning is missing */
	count(&totals->all, &event);
	count(totals_table_row(&totals->groups, (const char *const[TOTALS_KEY_PARTS]){ group_name(totals, entry) }),
	      &event);
	if (event.counter != offsetof(struct totals_row, allowed))
		add_refusal(totals, entry, &event);
}

void totals_finish(struct totals *totals)
{
	totals_table_sort(&totals->groups);
	totals_table_sort(&totals->reasons);
	totals_table_sort(&totals->refusals);
}

void totals_free(struct totals *totals)
{
	for (size_t i = 0; i < totals->slowest_count; i++)
		free_run(&totals->slowest[i]);
	totals_table_free(&totals->groups);
	totals_table_free(&totals->reasons);
	totals_table_free(&totals->refusals);
	totals_waiting_free(&totals->waiting);
}
