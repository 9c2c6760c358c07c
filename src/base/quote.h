#ifndef PSW_QUOTE_H
#define PSW_QUOTE_H

#include <stddef.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/strbuf.h"

/*
 * The one way in which words of a command are written for people and programs:
 * a shell reads them back to the same bytes, and no byte outside 0x20-0x7e gets
 * through, so that nothing a caller passes can start a line, move a terminal's
 * cursor or look like a field of a record.
 *
 *   bare           [A-Za-z0-9_@%+=:,./-]+
 *   '...'          other printable ASCII
 *   $'...'         anything else: \' \\ and three-digit octal escapes
 */
void quote_append_word(struct strbuf *buffer, const char *word);

/* A value as a word; "-" for NULL, which is unknown, and then a value that is a hyphen is '-'. */
void quote_append_value(struct strbuf *buffer, const char *value_or_null);

/* count words with one blank between them. */
void quote_append_words(struct strbuf *buffer, const char *const *words, size_t count);

/*
 * A text for people, as it is; control characters, those above ASCII too, and bytes
 * that are not UTF-8 become question marks.
 */
void quote_append_visible(struct strbuf *buffer, const char *text);

/*
 * Reads one line of words in that quoting, as a shell would; in $'...' also the
 * escapes \a \b \e \f \n \r \t \v.  A word may be joined of several parts.
 * Returns 0 with a NULL-terminated array in the arena, -1 where a quotation is
 * not closed, an escape is unknown or a character would mean something else to
 * a shell.
 */
int quote_read_words(const char *line, struct arena *arena, const char *const **words, size_t *count,
		     struct error *error) MUST_CHECK;

#endif
