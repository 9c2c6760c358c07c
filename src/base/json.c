#include "base/json.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

static void append_code_point(struct strbuf *buffer, uint32_t code_point)
{
	if (code_point == '"' || code_point == '\\')
		strbuf_append_format(buffer, "\\%c", (char)code_point);
	else if (code_point >= 0x20 && code_point < 0x7f)
		strbuf_append_char(buffer, (char)code_point);
	else if (code_point < 0x10000)
		strbuf_append_format(buffer, "\\u%04x", (unsigned)code_point);
	else
		strbuf_append_format(buffer, "\\u%04x\\u%04x", (unsigned)(0xd7c0 + (code_point >> 10)),
				     (unsigned)(0xdc00 + (code_point & 0x3ff)));
}

void json_append_string(struct strbuf *buffer, const char *string)
{
	size_t left = strlen(string);

	strbuf_append_char(buffer, '"');
	while (left > 0) {
		uint32_t code_point;
		size_t length = utf8_decode(string, left, &code_point);

		if (length == 0) {
			code_point = 0xdc00U + (unsigned char)*string;
			length = 1;
		}
		append_code_point(buffer, code_point);
		string += length;
		left -= length;
	}
	strbuf_append_char(buffer, '"');
}

void json_append_string_or_null(struct strbuf *buffer, const char *string)
{
	if (string)
		json_append_string(buffer, string);
	else
		strbuf_append_string(buffer, "null");
}

void json_append_strings(struct strbuf *buffer, const char *const *strings, size_t count)
{
	strbuf_append_char(buffer, '[');
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			strbuf_append_char(buffer, ',');
		json_append_string(buffer, strings[i]);
	}
	strbuf_append_char(buffer, ']');
}
