#include "report/json_record.h"

#include <string.h>

#include "base/attributes.h"
#include "base/strbuf.h"
#include "report/entry_builder.h"
#include "report/json_reader.h"

static bool read_string(const struct json_value *value, const char **text)
{
	*text = value->text;
	return value->type == JSON_STRING;
}

static bool read_number(const struct json_value *value, unsigned *number)
{
	return value->type == JSON_NUMBER && entry_read_number(value->text, number);
}

static bool read_words(const struct json_value *array, struct entry_builder *builder)
{
	const char **words = arena_allocate(builder->arena, array->count + 1, sizeof(*words));
	size_t count = 0;

	for (const struct json_value *element = array->first; element; element = element->next) {
		if (!read_string(element, &words[count++]))
			return false;
	}
	builder->entry.words = words;
	builder->entry.word_count = count;
	return array->type == JSON_ARRAY;
}

/* A list of names, as text has it: with commas. */
static bool read_list(const struct json_value *array, struct arena *arena, const char **value)
{
	CLEANUP(strbuf_free) struct strbuf list = { 0 };

	for (const struct json_value *element = array->first; element; element = element->next) {
		if (element->type != JSON_STRING)
			return false;
		if (element != array->first)
			strbuf_append_char(&list, ',');
		strbuf_append_string(&list, element->text);
	}
	*value = arena_string(arena, strbuf_text(&list));
	return true;
}

static bool read_value(const struct json_value *value, struct arena *arena, const char **text)
{
	*text = NULL;
	switch (value->type) {
	case JSON_NULL:
		return true;
	case JSON_FALSE:
		*text = "false";
		return true;
	case JSON_TRUE:
		*text = "true";
		return true;
	case JSON_NUMBER:
	case JSON_STRING:
		*text = value->text;
		return true;
	case JSON_ARRAY:
		return read_list(value, arena, text);
	case JSON_OBJECT:
		break;
	}
	return false;
}

/* What a log has added to the record, and `report --reassemble --json`: line.h reads the time. */
static bool is_of_log(const char *key)
{
	return strcmp(key, "time") == 0 || strcmp(key, "host") == 0;
}

static bool read_member(const struct json_value *member, struct entry_builder *builder)
{
	struct entry *entry = &builder->entry;
	const char *key = member->key;
	const char *value;

	if (!entry_builder_see(builder, key))
		return false;
	if (strcmp(key, "record") == 0)
		return read_string(member, &entry->kind);
	if (strcmp(key, "part") == 0)
		return read_number(member, &entry->part);
	if (strcmp(key, "parts") == 0)
		return read_number(member, &entry->parts);
	if (strcmp(key, "continues") == 0) {
		entry->continues = member->type == JSON_TRUE;
		return entry->continues || member->type == JSON_FALSE;
	}
	if (strcmp(key, "cmd") == 0)
		return read_words(member, builder);
	if (!read_value(member, builder->arena, &value))
		return false;
	entry_builder_add(builder, key, value);
	return true;
}

bool json_record_read(const char *message, struct arena *arena, struct entry *entry)
{
	struct entry_builder builder = { .arena = arena };
	const struct json_value *object = json_read(message, strlen(message), arena);

	if (!object || object->type != JSON_OBJECT)
		return false;
	for (const struct json_value *member = object->first; member; member = member->next) {
		if (!is_of_log(member->key) && !read_member(member, &builder))
			return false;
	}
	return entry_builder_finish(&builder, entry);
}
