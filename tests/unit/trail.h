#ifndef PSW_TRAIL_H
#define PSW_TRAIL_H

/*
 * Records that are not read from a log: what makes use of them is tested without
 * the reader.  All lives until the end of the test.
 */
#include "base/quote.h"
#include "report/totals.h"
#include "suite.h"

static struct arena trail_arena;

enum { TRAIL_FIELDS_MAX = 32 };

/* "kind id=... key=value ..." with "-" for unknown values, and a command in our own quoting. */
static inline struct assembled trail_record(int64_t time, const char *head, const char *command)
{
	char *text = arena_string(&trail_arena, head);
	struct entry_field *fields = arena_allocate(&trail_arena, TRAIL_FIELDS_MAX, sizeof(*fields));
	struct assembled record = { .entry = { .time = time, .kind = strtok(text, " "), .id = "", .fields = fields,
					       .part = 1, .parts = 1 }, .parts = 1 };
	struct error error;

	for (char *word = strtok(NULL, " "); word; word = strtok(NULL, " ")) {
		char *value = strchr(word, '=');

		ck_assert_msg(value != NULL && record.entry.field_count < TRAIL_FIELDS_MAX, "%s", head);
		*value++ = '\0';
		if (strcmp(word, "id") == 0)
			record.entry.id = value;
		else
			fields[record.entry.field_count++] =
				(struct entry_field){ word, strcmp(value, "-") != 0 ? value : NULL };
	}
	ck_assert_msg(quote_read_words(command, &trail_arena, &record.entry.words, &record.entry.word_count,
				       &error) == 0, "%s: %s", command, error.text);
	return record;
}

/* As `report` counts a record. */
static inline void trail_add(struct totals *totals, int64_t time, const char *head, const char *command)
{
	const struct assembled record = trail_record(time, head, command);

	if (strcmp(record.entry.kind, "allow") == 0)
		totals_remember(totals, &record.entry);
	totals_add(totals, &record);
}

/* A word of that many bytes. */
static inline char *trail_long_word(size_t length, char byte)
{
	char *word = arena_allocate(&trail_arena, length + 1, 1);

	memset(word, byte, length);
	return word;
}

static inline void trail_free(void)
{
	arena_free(&trail_arena);
}

#endif
