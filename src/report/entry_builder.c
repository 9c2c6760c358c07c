#include "report/entry_builder.h"

#include <string.h>

#include "base/attributes.h"

enum {
	ID_LENGTH = 12,
	MAX_KEY = 32,
	MAX_NEEDED = 3,
};

static const struct kind {
	const char *name;
	bool has_command;
	const char *needed[MAX_NEEDED];
} kinds[] = {
	{ "allow", true, { "argc" } },
	{ "deny", true, { "reason", "argc" } },
	{ "error", true, { "reason", "argc" } },
	{ "exit", false, { "status", "signal", "ms" } },
	{ "more", true, { NULL } },
};

static const struct kind *find_kind(const char *name)
{
	for (size_t i = 0; name && i < ARRAY_LENGTH(kinds); i++) {
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	}
	return NULL;
}

static bool was_seen(const struct entry_builder *builder, const char *key)
{
	for (size_t i = 0; i < builder->key_count; i++) {
		if (strcmp(builder->keys[i], key) == 0)
			return true;
	}
	return false;
}

bool entry_builder_see(struct entry_builder *builder, const char *key)
{
	size_t length = strspn(key, "abcdefghijklmnopqrstuvwxyz_");

	if (length == 0 || length > MAX_KEY || key[length] != '\0')
		return false;
	if (builder->key_count == ENTRY_MAX_FIELDS || was_seen(builder, key))
		return false;
	builder->keys[builder->key_count++] = key;
	return true;
}

void entry_builder_add(struct entry_builder *builder, const char *key, const char *value)
{
	struct entry *entry = &builder->entry;

	if (strcmp(key, "id") == 0)
		entry->id = value;
	else
		builder->fields[entry->field_count++] = (struct entry_field){ .key = key, .value = value };
}

static bool is_id(const char *text)
{
	return text && strspn(text, "0123456789abcdef") == ID_LENGTH && text[ID_LENGTH] == '\0';
}

/* A part of an error says so, and nothing else. */
static bool has_fields_of_more(const struct entry *entry)
{
	return entry->field_count == 0 || (entry->field_count == 1 && entry_is_of_error(entry));
}

/* Only the first part has fields, only a later one goes on, and what has no command has no parts. */
static bool is_consistent(const struct entry *entry, const struct kind *kind)
{
	bool is_more = strcmp(kind->name, "more") == 0;

	if (kind->has_command != (entry->words != NULL))
		return false;
	if (!kind->has_command && entry->parts != 1)
		return false;
	if (is_more)
		return entry->part >= 2 && entry->part <= entry->parts && has_fields_of_more(entry);
	return entry->part == 1 && entry->parts >= 1 && !entry->continues;
}

bool entry_builder_finish(struct entry_builder *builder, struct entry *entry)
{
	static const char *const no_words[] = { NULL };
	struct entry *built = &builder->entry;
	const struct kind *kind = find_kind(built->kind);
	struct entry_field *fields = arena_allocate(builder->arena, built->field_count + 1, sizeof(*fields));

	if (!was_seen(builder, "part") && !was_seen(builder, "parts"))
		built->part = built->parts = 1;
	memcpy(fields, builder->fields, built->field_count * sizeof(*fields));
	built->fields = fields;
	if (kind)
		built->kind = kind->name;
	if (!kind || !is_id(built->id) || !is_consistent(built, kind))
		return false;
	for (size_t i = 0; i < MAX_NEEDED && kind->needed[i]; i++) {
		if (!was_seen(builder, kind->needed[i]))
			return false;
	}
	if (!built->words)
		built->words = no_words;
	built->time = ENTRY_NO_TIME;
	*entry = *built;
	return built->parts > 1 || entry_has_all_words(entry);
}

bool entry_read_number(const char *text, unsigned *number)
{
	*number = 0;
	if (*text == '\0')
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' || __builtin_mul_overflow(*number, 10U, number) ||
		    __builtin_add_overflow(*number, (unsigned)(*text - '0'), number))
			return false;
	}
	return true;
}
