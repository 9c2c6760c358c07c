#include "report/json_reader.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/utf8.h"

struct reader {
	const char *at;
	const char *end;
	struct arena *arena;
	struct strbuf scratch;
	size_t values;
	unsigned depth;
};

static bool read_value(struct reader *reader, struct json_value *value);

/* The character that comes next; a zero byte, which no JSON holds outside of escapes, at the end. */
static char next(const struct reader *reader)
{
	if (reader->at == reader->end)
		return '\0';
	return *reader->at;
}

static bool take(struct reader *reader, char c)
{
	if (next(reader) != c || c == '\0')
		return false;
	reader->at++;
	return true;
}

static void skip_blanks(struct reader *reader)
{
	while (take(reader, ' ') || take(reader, '\t') || take(reader, '\n') || take(reader, '\r'))
		;
}

static void append_utf8(struct strbuf *buffer, uint32_t code_point)
{
	if (code_point < 0x80) {
		strbuf_append_char(buffer, (char)code_point);
		return;
	}
	if (code_point < 0x800) {
		strbuf_append_char(buffer, (char)(0xc0 | code_point >> 6));
	} else {
		if (code_point < 0x10000) {
			strbuf_append_char(buffer, (char)(0xe0 | code_point >> 12));
		} else {
			strbuf_append_char(buffer, (char)(0xf0 | code_point >> 18));
			strbuf_append_char(buffer, (char)(0x80 | (code_point >> 12 & 0x3f)));
		}
		strbuf_append_char(buffer, (char)(0x80 | (code_point >> 6 & 0x3f)));
	}
	strbuf_append_char(buffer, (char)(0x80 | (code_point & 0x3f)));
}

static bool read_hexadecimal(struct reader *reader, uint32_t *value)
{
	static const char digits[] = "0123456789abcdefABCDEF";

	*value = 0;
	for (int i = 0; i < 4; i++, reader->at++) {
		const char *digit = next(reader) ? strchr(digits, next(reader)) : NULL;
		size_t index;

		if (!digit)
			return false;
		index = (size_t)(digit - digits);
		*value = *value << 4 | (uint32_t)(index < 16 ? index : index - 6);
	}
	return true;
}

/* Reads what follows \u: a code point, the pair that makes one, or a byte. */
static bool read_unicode(struct reader *reader)
{
	uint32_t code_point;
	uint32_t low;

	if (!read_hexadecimal(reader, &code_point) || code_point == 0)
		return false;
	if (code_point >= 0xdc80 && code_point <= 0xdcff) {
		strbuf_append_char(&reader->scratch, (char)(code_point - 0xdc00));
		return true;
	}
	if (code_point >= 0xd800 && code_point <= 0xdbff) {
		if (!take(reader, '\\') || !take(reader, 'u') || !read_hexadecimal(reader, &low) || low < 0xdc00 ||
		    low > 0xdfff)
			return false;
		code_point = 0x10000 + ((code_point - 0xd800) << 10) + (low - 0xdc00);
	} else if (code_point >= 0xdc00 && code_point <= 0xdfff) {
		return false;
	}
	append_utf8(&reader->scratch, code_point);
	return true;
}

static bool read_escape(struct reader *reader)
{
	static const char names[] = "\"\\/bfnrt";
	static const char values[] = "\"\\/\b\f\n\r\t";
	const char *name;

	if (take(reader, 'u'))
		return read_unicode(reader);
	name = next(reader) ? strchr(names, next(reader)) : NULL;
	if (!name)
		return false;
	strbuf_append_char(&reader->scratch, values[name - names]);
	reader->at++;
	return true;
}

static bool read_string(struct reader *reader, const char **text)
{
	if (!take(reader, '"'))
		return false;
	reader->scratch.length = 0;
	while (!take(reader, '"')) {
		size_t left = (size_t)(reader->end - reader->at);
		uint32_t code_point;
		size_t length;

		if (take(reader, '\\')) {
			if (!read_escape(reader))
				return false;
			continue;
		}
		length = left > 0 ? utf8_decode(reader->at, left, &code_point) : 0;
		if (length == 0 || code_point < 0x20)
			return false;
		strbuf_append(&reader->scratch, reader->at, length);
		reader->at += length;
	}
	*text = arena_copy(reader->arena, reader->scratch.text, reader->scratch.length);
	return true;
}

static bool read_digits(struct reader *reader)
{
	const char *start = reader->at;

	while (next(reader) >= '0' && next(reader) <= '9')
		reader->at++;
	return reader->at > start;
}

static bool read_number(struct reader *reader, const char **text)
{
	const char *start = reader->at;

	take(reader, '-');
	if (!take(reader, '0') && !read_digits(reader))
		return false;
	if (take(reader, '.') && !read_digits(reader))
		return false;
	if (take(reader, 'e') || take(reader, 'E')) {
		if (!take(reader, '+'))
			take(reader, '-');
		if (!read_digits(reader))
			return false;
	}
	*text = arena_copy(reader->arena, start, (size_t)(reader->at - start));
	return true;
}

static bool read_word(struct reader *reader, const char *word)
{
	size_t length = strlen(word);

	if ((size_t)(reader->end - reader->at) < length || memcmp(reader->at, word, length) != 0)
		return false;
	reader->at += length;
	return true;
}

static bool read_element(struct reader *reader, bool has_key, struct json_value *element)
{
	skip_blanks(reader);
	if (has_key) {
		if (!read_string(reader, &element->key))
			return false;
		skip_blanks(reader);
		if (!take(reader, ':'))
			return false;
		skip_blanks(reader);
	}
	if (!read_value(reader, element))
		return false;
	skip_blanks(reader);
	return true;
}

/* Reads elements or members up to the bracket that closes them; the other one has been read. */
static bool read_elements(struct reader *reader, char close, struct json_value *value)
{
	const struct json_value **link = &value->first;

	skip_blanks(reader);
	if (take(reader, close))
		return true;
	do {
		struct json_value *element;

		if (reader->values >= JSON_MAX_VALUES)
			return false;
		element = arena_allocate(reader->arena, 1, sizeof(*element));
		reader->values++;
		value->count++;
		*link = element;
		link = &element->next;
		if (!read_element(reader, close == '}', element))
			return false;
	} while (take(reader, ','));
	return take(reader, close);
}

static bool read_container(struct reader *reader, struct json_value *value)
{
	bool read;

	if (reader->depth >= JSON_MAX_DEPTH)
		return false;
	reader->depth++;
	value->type = take(reader, '{') ? JSON_OBJECT : JSON_ARRAY;
	read = value->type == JSON_OBJECT ? read_elements(reader, '}', value) :
					    take(reader, '[') && read_elements(reader, ']', value);
	reader->depth--;
	return read;
}

static bool read_value(struct reader *reader, struct json_value *value)
{
	switch (next(reader)) {
	case '{':
	case '[':
		return read_container(reader, value);
	case '"':
		value->type = JSON_STRING;
		return read_string(reader, &value->text);
	case 'n':
		value->type = JSON_NULL;
		return read_word(reader, "null");
	case 't':
		value->type = JSON_TRUE;
		return read_word(reader, "true");
	case 'f':
		value->type = JSON_FALSE;
		return read_word(reader, "false");
	default:
		value->type = JSON_NUMBER;
		return read_number(reader, &value->text);
	}
}

const struct json_value *json_read(const char *text, size_t length, struct arena *arena)
{
	struct reader reader = { .at = text, .end = text + length, .arena = arena };
	struct json_value *value = arena_allocate(arena, 1, sizeof(*value));
	bool read;

	if (length > JSON_MAX_BYTES)
		return NULL;
	strbuf_append(&reader.scratch, "", 0);
	read = read_element(&reader, false, value) && reader.at == reader.end;
	strbuf_free(&reader.scratch);
	return read ? value : NULL;
}

const struct json_value *json_member(const struct json_value *object, const char *key)
{
	if (object->type != JSON_OBJECT)
		return NULL;
	for (const struct json_value *member = object->first; member; member = member->next) {
		if (strcmp(member->key, key) == 0)
			return member;
	}
	return NULL;
}
