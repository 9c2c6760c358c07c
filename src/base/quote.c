#include "base/quote.h"

#include <stdbool.h>
#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"

static bool is_bare(char c)
{
	return ascii_is_letter_or_digit(c) || (c != '\0' && strchr("_@%+=:,./-", c));
}

static bool is_printable(char c)
{
	return c >= 0x20 && c <= 0x7e;
}

static bool all_bytes(const char *word, bool (*test)(char))
{
	for (; *word; word++) {
		if (!test(*word))
			return false;
	}
	return true;
}

static void append_escaped(struct strbuf *buffer, const char *word)
{
	strbuf_append_string(buffer, "$'");
	for (; *word; word++) {
		if (!is_printable(*word))
			strbuf_append_format(buffer, "\\%03o", (unsigned)(unsigned char)*word);
		else if (*word == '\'' || *word == '\\')
			strbuf_append_format(buffer, "\\%c", *word);
		else
			strbuf_append_char(buffer, *word);
	}
	strbuf_append_char(buffer, '\'');
}

void quote_append_word(struct strbuf *buffer, const char *word)
{
	if (*word != '\0' && all_bytes(word, is_bare)) {
		strbuf_append_string(buffer, word);
	} else if (all_bytes(word, is_printable) && !strchr(word, '\'')) {
		strbuf_append_char(buffer, '\'');
		strbuf_append_string(buffer, word);
		strbuf_append_char(buffer, '\'');
	} else {
		append_escaped(buffer, word);
	}
}

void quote_append_value(struct strbuf *buffer, const char *value_or_null)
{
	if (!value_or_null)
		strbuf_append_char(buffer, '-');
	else if (strcmp(value_or_null, "-") == 0)
		strbuf_append_string(buffer, "'-'");
	else
		quote_append_word(buffer, value_or_null);
}

void quote_append_words(struct strbuf *buffer, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			strbuf_append_char(buffer, ' ');
		quote_append_word(buffer, words[i]);
	}
}

void quote_append_visible(struct strbuf *buffer, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		uint32_t code_point;
		size_t length = utf8_decode(text, left, &code_point);
		bool visible = length > 0 && code_point >= 0x20 && (code_point < 0x7f || code_point >= 0xa0);

		length = length > 0 ? length : 1;
		strbuf_append(buffer, visible ? text : "?", visible ? length : 1);
		text += length;
		left -= length;
	}
}

/* Reads the octal escape at *cursor, one to three digits.  Returns the byte, or -1. */
static int read_octal(const char **cursor)
{
	const char *at = *cursor;
	int value = 0;

	for (int digits = 0; digits < 3 && *at >= '0' && *at <= '7'; digits++, at++)
		value = value * 8 + (*at - '0');
	if (at == *cursor || value == 0 || value > 255)
		return -1; /* no argument can hold a zero byte */
	*cursor = at;
	return value;
}

/* Reads what follows a backslash in $'...'.  Returns the byte, or -1. */
static int read_escape(const char **cursor)
{
	static const char names[] = "abefnrtv'\\";
	static const char values[] = "\a\b\033\f\n\r\t\v'\\";
	const char *name = **cursor ? strchr(names, **cursor) : NULL;

	if (!name)
		return read_octal(cursor);
	(*cursor)++;
	return (unsigned char)values[name - names];
}

static int read_dollar_quoted(const char **cursor, struct strbuf *word, struct error *error)
{
	while (**cursor && **cursor != '\'') {
		int byte = (unsigned char)*(*cursor)++;

		if (byte == '\\')
			byte = read_escape(cursor);
		if (byte < 0)
			return error_set(error, "unknown escape in $'...'");
		strbuf_append_char(word, (char)byte);
	}
	if (!**cursor)
		return error_set(error, "a quotation is not closed");
	(*cursor)++;
	return 0;
}

static int read_quoted(const char **cursor, struct strbuf *word, struct error *error)
{
	const char *end = strchr(*cursor, '\'');

	if (!end)
		return error_set(error, "a quotation is not closed");
	strbuf_append(word, *cursor, (size_t)(end - *cursor));
	*cursor = end + 1;
	return 0;
}

/* Reads one part of a word: bare bytes, '...' or $'...'. */
static int read_part(const char **cursor, struct strbuf *word, struct error *error)
{
	const char *at = *cursor;

	if (at[0] == '$' && at[1] == '\'') {
		*cursor += 2;
		return read_dollar_quoted(cursor, word, error);
	}
	if (at[0] == '\'') {
		*cursor += 1;
		return read_quoted(cursor, word, error);
	}
	if (!is_bare(*at))
		return error_set(error, "a character that a shell would not read as itself: write it in '...'");
	strbuf_append_char(word, *at);
	*cursor += 1;
	return 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int read_word(const char **cursor, struct strbuf *word, struct error *error)
{
	strbuf_append(word, "", 0);
	while (**cursor && !is_blank(**cursor)) {
		if (read_part(cursor, word, error) < 0)
			return -1;
	}
	return 0;
}

int quote_read_words(const char *line, struct arena *arena, const char *const **words, size_t *count,
		     struct error *error)
{
	size_t limit = strlen(line) / 2 + 2;
	const char **list = arena_allocate(arena, limit, sizeof(*list));
	CLEANUP(strbuf_free) struct strbuf word = { 0 };

	*count = 0;
	while (*line) {
		if (is_blank(*line)) {
			line++;
			continue;
		}
		word.length = 0;
		if (read_word(&line, &word, error) < 0)
			return -1;
		list[(*count)++] = arena_copy(arena, word.text, word.length);
	}
	*words = list;
	return 0;
}
