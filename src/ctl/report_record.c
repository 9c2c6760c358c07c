#include <string.h>

#include "base/json.h"
#include "base/quote.h"
#include "ctl/report_output.h"
#include "report/when.h"

/* Longer numbers than any of ours have a double's precision in most readers: they stay strings. */
enum { MAX_DIGITS = 15 };

static bool is_number(const struct entry_field *field)
{
	static const char *const numbers[] = {
		"uid", "auid", "ses", "ppid", "line", "owner", "bytes", "argc", "status", "ms",
	};
	size_t length = strspn(field->value, "0123456789");
	bool numeric = length > 0 && length <= MAX_DIGITS && !field->value[length] &&
		       (field->value[0] != '0' || length == 1);
	bool known = false;

	for (size_t i = 0; i < ARRAY_LENGTH(numbers) && !known; i++)
		known = strcmp(field->key, numbers[i]) == 0;
	return known && numeric;
}

static void append_json_fields(struct strbuf *buffer, const struct entry *entry)
{
	for (size_t i = 0; i < entry->field_count; i++) {
		const struct entry_field *field = &entry->fields[i];

		strbuf_append_char(buffer, ',');
		json_append_string(buffer, field->key);
		strbuf_append_char(buffer, ':');
		if (field->value && is_number(field))
			strbuf_append_string(buffer, field->value);
		else
			json_append_string_or_null(buffer, field->value);
	}
}

static void append_json(struct strbuf *buffer, const struct assembled *record)
{
	const struct entry *entry = &record->entry;
	CLEANUP(strbuf_free) struct strbuf time = { 0 };

	if (entry->time != ENTRY_NO_TIME)
		when_append_exact(&time, entry->time);
	strbuf_append_string(buffer, "{\"time\":");
	json_append_string_or_null(buffer, time.text);
	strbuf_append_string(buffer, ",\"record\":");
	json_append_string(buffer, entry->kind);
	strbuf_append_string(buffer, ",\"id\":");
	json_append_string(buffer, entry->id);
	append_json_fields(buffer, entry);
	if (record->missing > 0)
		strbuf_append_format(buffer, ",\"missing\":%u,\"parts\":%u", record->missing, record->parts);
	if (strcmp(entry->kind, "exit") != 0) {
		strbuf_append_string(buffer, ",\"cmd\":");
		json_append_strings(buffer, entry->words, entry->word_count);
	}
	strbuf_append_char(buffer, '}');
}

/*
 * A line as of audit_file; which host and process wrote the record is not kept.
 * One that is whole can be read again.  One that is not is damaged then, as its
 * words are not as many as argc says: nothing takes it for whole.
 */
static void append_text(struct strbuf *buffer, const struct assembled *record)
{
	const struct entry *entry = &record->entry;

	if (entry->time != ENTRY_NO_TIME) {
		when_append_exact(buffer, entry->time);
		strbuf_append_string(buffer, " - privsep-wrap: ");
	}
	quote_append_word(buffer, entry->kind);
	strbuf_append_string(buffer, " id=");
	quote_append_word(buffer, entry->id);
	for (size_t i = 0; i < entry->field_count; i++) {
		strbuf_append_char(buffer, ' ');
		quote_append_word(buffer, entry->fields[i].key);
		strbuf_append_char(buffer, '=');
		quote_append_value(buffer, entry->fields[i].value);
	}
	if (record->missing > 0)
		strbuf_append_format(buffer, " incomplete=%u/%u", record->missing, record->parts);
	if (strcmp(entry->kind, "exit") != 0) {
		strbuf_append_string(buffer, " cmd=");
		quote_append_words(buffer, entry->words, entry->word_count);
	}
}

void report_append_record(struct strbuf *buffer, const struct assembled *record, bool json)
{
	if (json)
		append_json(buffer, record);
	else
		append_text(buffer, record);
}
