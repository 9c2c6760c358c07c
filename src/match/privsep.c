#include "match/privsep.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

/* A field cannot hold a comma, and loses blanks at its ends; a terminal gets no control characters to see. */
static bool needs_hex(uint32_t code_point)
{
	return code_point == ',' || code_point == ' ' || code_point < 0x20 ||
	       (code_point >= 0x7f && code_point <= 0xa0);
}

/* White space that an INI file must not hold, and what turns the order of a terminal's text around. */
static bool has_no_place_in_a_line(uint32_t code_point)
{
	return code_point == 0x1680 || (code_point >= 0x2000 && code_point <= 0x200f) ||
	       (code_point >= 0x2028 && code_point <= 0x202f) || code_point == 0x205f ||
	       (code_point >= 0x2066 && code_point <= 0x2069) || code_point == 0x3000 || code_point == 0xfeff;
}

/* Returns -1 if no line can name the word. */
static int append_pattern(struct strbuf *buffer, const char *word)
{
	size_t left = strlen(word);

	while (left > 0) {
		uint32_t code_point;
		size_t length = utf8_decode(word, left, &code_point);

		if (length == 0 || has_no_place_in_a_line(code_point))
			return -1;
		if (needs_hex(code_point))
			strbuf_append_format(buffer, "\\x%02x", (unsigned)code_point);
		else if (code_point < 0x80 && strchr("\\.^$|?*+()[]{}", (int)code_point))
			strbuf_append_format(buffer, "\\%c", (char)code_point);
		else
			strbuf_append(buffer, word, length);
		word += length;
		left -= length;
	}
	return 0;
}

void privsep_append_filter(struct strbuf *buffer, const struct request *request)
{
	CLEANUP(strbuf_free) struct strbuf line = { 0 };

	strbuf_append_string(&line, "privsep-helper: RegExpFilter, privsep-helper, root");
	for (size_t i = 0; i < request->argc; i++) {
		strbuf_append_string(&line, ", ");
		if (append_pattern(&line, request->argv[i]) < 0)
			return;
	}
	strbuf_append(buffer, line.text, line.length);
}
