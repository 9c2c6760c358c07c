#include "audit/record_form.h"

#include "base/quote.h"

static void begin(struct strbuf *line, const char *kind)
{
	strbuf_append_string(line, kind);
}

static void append_field(struct strbuf *line, const struct record_field *field)
{
	strbuf_append_format(line, " %s=", field->key);
	quote_append_value(line, field->value);
}

/* Where a word goes on is seen by the blank that is not there. */
static void append_part(struct strbuf *line, size_t part, size_t parts, bool continues)
{
	(void)continues;
	strbuf_append_format(line, " part=%zu/%zu", part, parts);
}

static void begin_command(struct strbuf *line)
{
	strbuf_append_string(line, " cmd=");
}

/* The texts of all parts, joined, are the command: the blank belongs to the word behind it. */
static void separate_words(struct strbuf *line, bool starts_part)
{
	(void)starts_part;
	strbuf_append_char(line, ' ');
}

static void end(struct strbuf *line)
{
	(void)line;
}

const struct record_form record_form_text = {
	.max_value = 152,
	.max_escape = sizeof("\\ooo") - 1,
	.max_quotes = sizeof("$''") - 1,
	.begin = begin,
	.append_field = append_field,
	.append_part = append_part,
	.begin_command = begin_command,
	.separate_words = separate_words,
	.append_word = quote_append_word,
	.end_command = end,
	.end = end,
};
