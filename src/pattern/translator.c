#include "pattern/translator.h"

#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"

int translator_refuse(struct translator *t, const char *where, const char *why)
{
	return error_set(t->error, "%s (at byte %zu of the pattern)", why, (size_t)(where - t->start));
}

void translator_emit(struct translator *t, const char *text)
{
	strbuf_append_string(t->out, text);
}

bool translator_next_is(const struct translator *t, const char *text)
{
	size_t length = strlen(text);

	return (size_t)(t->end - t->at) >= length && memcmp(t->at, text, length) == 0;
}

/* Above ASCII Python and PCRE2 do not agree on which letters differ only in case. */
int translator_check_case(struct translator *t, uint32_t code_point)
{
	return t->ignore_case && code_point >= 0x80 ? translator_refuse(t, t->at, "(?i) is supported for ASCII only") :
						      0;
}

/* One literal character, escaped if it is punctuation. */
int translate_literal(struct translator *t, uint32_t *code_point)
{
	char c = *t->at;
	size_t length = utf8_decode(t->at, (size_t)(t->end - t->at), code_point);

	if (length == 0)
		return translator_refuse(t, t->at, "not UTF-8");
	if (translator_check_case(t, *code_point) < 0)
		return -1;
	if (((unsigned char)c < 0x20 && c != '\t' && c != '\n') || c == 0x7f)
		return translator_refuse(t, t->at, "control character");
	if (length == 1 && c > 0x20 && c != '_' && !ascii_is_letter_or_digit(c))
		translator_emit(t, "\\");
	strbuf_append(t->out, t->at, length);
	t->at += length;
	return 0;
}
