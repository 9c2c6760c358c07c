#include "report/entry.h"

#include <string.h>

#include "report/entry_builder.h"
#include "report/json_record.h"
#include "report/line.h"
#include "report/text_record.h"

static bool read_message(const char *message, struct arena *arena, struct entry *entry)
{
	static const char cookie[] = "@cee:";

	if (strlen(message) > ENTRY_MAX_BYTES)
		return false;
	if (strncmp(message, cookie, strlen(cookie)) == 0)
		message += strlen(cookie);
	else if (*message != '{')
		return text_record_read(message, arena, entry);
	return json_record_read(message, arena, entry);
}

enum entry_result entry_read(const char *line, size_t length, const struct entry_clock *clock, struct arena *arena,
			     struct entry *entry)
{
	struct line parts;
	enum entry_result result = line_read(line, length, clock, arena, &parts);

	if (result != ENTRY_RECORD)
		return result;
	if (!read_message(parts.message, arena, entry))
		return ENTRY_DAMAGED;
	entry->time = parts.time;
	return ENTRY_RECORD;
}

const char *entry_value(const struct entry *entry, const char *key)
{
	for (size_t i = 0; i < entry->field_count; i++) {
		if (strcmp(entry->fields[i].key, key) == 0)
			return entry->fields[i].value;
	}
	return NULL;
}

bool entry_is_of_error(const struct entry *entry)
{
	const char *of = entry_value(entry, "of");

	return strcmp(entry->kind, "error") == 0 ||
	       (strcmp(entry->kind, "more") == 0 && of && strcmp(of, "error") == 0);
}

bool entry_has_all_words(const struct entry *entry)
{
	const char *argc = entry_value(entry, "argc");
	const char *reason = entry_value(entry, "reason");
	unsigned count;

	if (strcmp(entry->kind, "exit") == 0)
		return true;
	if (!argc || !entry_read_number(argc, &count))
		return false;
	if (reason && strcmp(reason, "too-long") == 0)
		return entry->word_count >= 1 && entry->word_count <= count;
	return entry->word_count == count;
}
