#ifndef PSW_ENTRY_BUILDER_H
#define PSW_ENTRY_BUILDER_H

#include "report/entry.h"

/* More than any record of ours has. */
enum { ENTRY_MAX_FIELDS = 48 };

/*
 * An entry being put together by the reader of a form.  It starts with the arena
 * alone; the reader sets kind, part, parts, continues and words in the entry
 * itself.
 */
struct entry_builder {
	struct arena *arena;
	struct entry entry;
	struct entry_field fields[ENTRY_MAX_FIELDS];
	const char *keys[ENTRY_MAX_FIELDS];     /* all that were seen */
	size_t key_count;
};

/* Notes a key.  Returns false if it was there before, is none that we would write, or is one too many. */
bool entry_builder_see(struct entry_builder *builder, const char *key);

/* Adds the value of a key that was seen; text that lives as long as the arena. */
void entry_builder_add(struct entry_builder *builder, const char *key, const char *value);

/* Returns false for what is no whole record: a key is missing, or two of them contradict each other. */
bool entry_builder_finish(struct entry_builder *builder, struct entry *entry);

/* Reads decimal digits alone. */
bool entry_read_number(const char *text, unsigned *number);

#endif
