#include "audit/record_form.h"

#include "base/json.h"

static void begin(struct strbuf *line, const char *kind)
{
	strbuf_append_string(line, "@cee: {\"record\":");
	json_append_string(line, kind);
}

static void append_field(struct strbuf *line, const struct record_field *field)
{
	strbuf_append_format(line, ",\"%s\":", field->key);
	if (field->value && field->is_number)
		strbuf_append_string(line, field->value);
	else
		json_append_string_or_null(line, field->value);
}

static void append_part(struct strbuf *line, size_t part, size_t parts, bool continues)
{
	strbuf_append_format(line, ",\"part\":%zu,\"parts\":%zu%s", part, parts,
			     continues ? ",\"continues\":true" : "");
}

static void begin_command(struct strbuf *line)
{
	strbuf_append_string(line, ",\"cmd\":[");
}

static void separate_words(struct strbuf *line, bool starts_part)
{
	if (!starts_part)
		strbuf_append_char(line, ',');
}

static void end_command(struct strbuf *line)
{
	strbuf_append_char(line, ']');
}

static void end(struct strbuf *line)
{
	strbuf_append_char(line, '}');
}

const struct record_form record_form_json = {
	.max_value = 136,
	.max_escape = sizeof("\\uxxxx") - 1,
	.max_quotes = sizeof("\"\"") - 1,
	.begin = begin,
	.append_field = append_field,
	.append_part = append_part,
	.begin_command = begin_command,
	.separate_words = separate_words,
	.append_word = json_append_string,
	.end_command = end_command,
	.end = end,
};
