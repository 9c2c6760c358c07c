#ifndef PSW_STRBUF_H
#define PSW_STRBUF_H

#include <stddef.h>

#include "base/attributes.h"

/*
 * A string that grows.  Zero-initialised is empty; text is NULL until something
 * is appended and terminated from then on.
 */
struct strbuf {
	char *text;
	size_t length;
	size_t capacity;
};

void strbuf_append(struct strbuf *buffer, const char *bytes, size_t length);
void strbuf_append_string(struct strbuf *buffer, const char *string);
void strbuf_append_char(struct strbuf *buffer, char c);
void strbuf_append_format(struct strbuf *buffer, const char *format, ...) PRINTF_LIKE(2, 3);

/* The text, "" for an empty buffer; owned by the buffer. */
const char *strbuf_text(const struct strbuf *buffer);

/* Frees the text; the buffer is empty again. */
void strbuf_free(struct strbuf *buffer);

#endif
