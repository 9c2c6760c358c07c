#include "match/privsep.h"

#include <stdbool.h>
#include <string.h>

/* A field cannot hold a comma, and loses blanks at its ends; a terminal gets no control bytes to see. */
static bool needs_hex(char c)
{
	return c == ',' || c == ' ' || c < 0x20 || c == 0x7f;
}

static bool is_ascii(const struct request *request)
{
	for (size_t i = 0; i < request->argc; i++) {
		for (const char *c = request->argv[i]; *c; c++) {
			if (*c & 0x80)
				return false;
		}
	}
	return true;
}

static void append_pattern(struct strbuf *buffer, const char *word)
{
	for (; *word; word++) {
		if (needs_hex(*word))
			strbuf_append_format(buffer, "\\x%02x", (unsigned)(unsigned char)*word);
		else if (strchr("\\.^$|?*+()[]{}", *word))
			strbuf_append_format(buffer, "\\%c", *word);
		else
			strbuf_append_char(buffer, *word);
	}
}

void privsep_append_filter(struct strbuf *buffer, const struct request *request)
{
	if (!is_ascii(request))
		return;
	strbuf_append_string(buffer, "privsep-helper: RegExpFilter, privsep-helper, root");
	for (size_t i = 0; i < request->argc; i++) {
		strbuf_append_string(buffer, ", ");
		append_pattern(buffer, request->argv[i]);
	}
}
