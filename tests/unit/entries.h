#ifndef PSW_ENTRIES_H
#define PSW_ENTRIES_H

/* Entries as one line of text, so that a row of a table can say what is expected. */
#include "base/quote.h"
#include "report/entry.h"
#include "suite.h"

static struct arena entries_arena;

static inline void entries_teardown(void)
{
	arena_free(&entries_arena);
}

static inline void entries_append_value(struct strbuf *text, const char *value)
{
	if (value)
		quote_append_word(text, value);
	else
		strbuf_append_string(text, "NULL");
}

/* "KIND id KEY=VALUE... PART/PARTS [WORD WORD]", with "[..." where the first word goes on; NULL is unknown. */
static inline const char *entries_show(const struct entry *entry)
{
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	strbuf_append_format(&text, "%s %s", entry->kind, entry->id);
	for (size_t i = 0; i < entry->field_count; i++) {
		strbuf_append_format(&text, " %s=", entry->fields[i].key);
		entries_append_value(&text, entry->fields[i].value);
	}
	strbuf_append_format(&text, " %u/%u [%s", entry->part, entry->parts, entry->continues ? "..." : "");
	quote_append_words(&text, entry->words, entry->word_count);
	strbuf_append_char(&text, ']');
	ck_assert_ptr_null(entry->words[entry->word_count]);
	return arena_string(&entries_arena, strbuf_text(&text));
}

#endif
