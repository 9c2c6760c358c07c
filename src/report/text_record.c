#include "report/text_record.h"

#include <string.h>

#include "base/quote.h"
#include "report/entry_builder.h"

/* No record holds anything else; inside of quotes quote_read_words() would take it. */
static bool is_printable(const char *text)
{
	for (; *text; text++) {
		if (*text < 0x20 || *text > 0x7e)
			return false;
	}
	return true;
}

/* Returns the end of a quoted value: the first blank outside of quotes, or the end of the text. */
static const char *end_of_value(const char *text)
{
	bool quoted = false;
	bool escapes = false; /* a backslash inside of these quotes takes the next character */

	for (; *text && (quoted || *text != ' '); text++) {
		if (quoted && escapes && *text == '\\' && text[1] != '\0') {
			text++;
		} else if (*text == '\'') {
			escapes = !quoted && text[-1] == '$';
			quoted = !quoted;
		}
	}
	return text;
}

/* "-" stands for what is unknown; a value that is a hyphen is quoted. */
static bool read_value(const char *text, size_t length, struct arena *arena, const char **value)
{
	const char *const *words;
	struct error error;
	size_t count;

	*value = NULL;
	if (length == 1 && *text == '-')
		return true;
	if (quote_read_words(arena_copy(arena, text, length), arena, &words, &count, &error) < 0 || count != 1)
		return false;
	*value = words[0];
	return true;
}

/* "2/5" */
static bool read_part(const char *value, struct entry_builder *builder)
{
	const char *slash = value ? strchr(value, '/') : NULL;
	struct entry *entry = &builder->entry;

	if (!slash || !entry_read_number(slash + 1, &entry->parts))
		return false;
	return entry_read_number(arena_copy(builder->arena, value, (size_t)(slash - value)), &entry->part);
}

/*
 * The texts of all parts joined are the command: where one begins without a
 * blank, the word goes on.
 */
static bool read_command(const char *text, struct entry_builder *builder)
{
	struct entry *entry = &builder->entry;
	struct error error;

	entry->continues = entry->part > 1 && *text != '\0' && *text != ' ';
	return quote_read_words(text, builder->arena, &entry->words, &entry->word_count, &error) == 0;
}

static bool read_field(const char **at, const char *key, struct entry_builder *builder)
{
	const char *end = end_of_value(*at);
	const char *value;

	if (!read_value(*at, (size_t)(end - *at), builder->arena, &value))
		return false;
	*at = end;
	if (strcmp(key, "part") == 0)
		return read_part(value, builder);
	entry_builder_add(builder, key, value);
	return true;
}

static bool read_fields(const char *at, struct entry_builder *builder)
{
	while (*at == ' ') {
		size_t length = strcspn(++at, "= ");
		const char *key = arena_copy(builder->arena, at, length);

		at += length;
		if (*at++ != '=' || !entry_builder_see(builder, key))
			return false;
		if (strcmp(key, "cmd") == 0)
			return read_command(at, builder);
		if (!read_field(&at, key, builder))
			return false;
	}
	return *at == '\0';
}

bool text_record_read(const char *message, struct arena *arena, struct entry *entry)
{
	struct entry_builder builder = { .arena = arena };
	size_t length = strcspn(message, " ");

	builder.entry.kind = arena_copy(arena, message, length);
	return is_printable(message) && read_fields(message + length, &builder) &&
	       entry_builder_finish(&builder, entry);
}
