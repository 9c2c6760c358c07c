#ifndef PSW_JSON_H
#define PSW_JSON_H

#include <stddef.h>

#include "base/strbuf.h"

/*
 * JSON as written by our programs.  Bytes that are not UTF-8 become the lone
 * surrogates \udc80-\udcff, as Python's surrogateescape reads and writes them,
 * so that no byte of an argument is lost.  Output is pure ASCII.
 */
void json_append_string(struct strbuf *buffer, const char *string);

/* null for NULL. */
void json_append_string_or_null(struct strbuf *buffer, const char *string);

void json_append_strings(struct strbuf *buffer, const char *const *strings, size_t count);

#endif
