#include "report/line.h"

#include <string.h>

#include "base/attributes.h"
#include "report/json_reader.h"
#include "report/timestamp.h"

static const char ident[] = "privsep-wrap";

static bool begins_with(const char *text, const char *beginning)
{
	return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* Whether a text that no ident vouches for is one of our records; whole or not is not asked. */
static bool begins_as_record(const char *text)
{
	static const char *const beginnings[] = { "allow id=", "deny id=", "error id=",
						  "exit id=", "more id=", "@cee: {\"record\":" };

	for (size_t i = 0; i < ARRAY_LENGTH(beginnings); i++) {
		if (begins_with(text, beginnings[i]))
			return true;
	}
	return false;
}

/* A line that cannot be taken apart is one of ours only if it says so. */
static enum entry_result cannot_read(const char *text, size_t length)
{
	return memmem(text, length, ident, strlen(ident)) ? ENTRY_DAMAGED : ENTRY_OTHER;
}

/* Takes away the blanks on both sides, and the carriage return that a log may have brought along. */
static const char *trimmed(const char *text, struct arena *arena)
{
	static const char blanks[] = " \t\r\n";
	size_t length;

	text += strspn(text, blanks);
	length = strlen(text);
	while (length > 0 && strchr(blanks, text[length - 1]))
		length--;
	return arena_copy(arena, text, length);
}

static const char *after_priority(const char *text)
{
	size_t digits = text[0] == '<' ? strspn(text + 1, "0123456789") : 0;

	return digits > 0 && text[1 + digits] == '>' ? text + digits + 2 : text;
}

/* Returns what follows `privsep-wrap[PID]:`, with or without a PID; NULL: it is not there. */
static const char *after_ident(const char *text)
{
	if (!begins_with(text, ident))
		return NULL;
	text += strlen(ident);
	if (*text == '[') {
		text++;
		text += strspn(text, "0123456789");
		if (*text++ != ']')
			return NULL;
	}
	return *text == ':' ? text + 1 : NULL;
}

/* The length of a host's name or address; one that ends in a colon would be the ident of another program. */
static size_t host_length(const char *text)
{
	size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:%-");

	return length > 0 && text[length] == ' ' && text[length - 1] != ':' ? length : 0;
}

/* Returns the message after our ident; NULL: it is that of another program. */
static const char *read_header(const char *text, const struct entry_clock *clock, int64_t *time)
{
	const char *at = after_priority(text);
	size_t length = timestamp_read(at, clock->now, time);

	if (length == 0) {
		*time = ENTRY_NO_TIME;
		return after_ident(at);
	}
	at += length;
	if (*at++ != ' ')
		return NULL;
	length = host_length(at);
	return after_ident(length > 0 ? at + length + 1 : at);
}

/* "1764135261123456" */
static int64_t read_microseconds(const struct json_value *value)
{
	const char *at = value && value->type == JSON_STRING ? value->text : "";
	int64_t time = 0;

	if (*at == '\0')
		return ENTRY_NO_TIME;
	for (; *at; at++) {
		if (*at < '0' || *at > '9' || __builtin_mul_overflow(time, 10, &time) ||
		    __builtin_add_overflow(time, *at - '0', &time))
			return ENTRY_NO_TIME;
	}
	return time;
}

/* What the journal keeps of a message that is not UTF-8: the numbers of its bytes.  NULL: it is not that. */
static const char *read_bytes(const struct json_value *array, struct arena *arena)
{
	char *bytes = arena_allocate(arena, array->count + 1, 1);
	size_t count = 0;

	for (const struct json_value *element = array->first; element; element = element->next) {
		unsigned number = 0;

		if (element->type != JSON_NUMBER || strlen(element->text) > 3)
			return NULL;
		for (const char *digit = element->text; *digit; digit++) {
			if (*digit < '0' || *digit > '9')
				return NULL;
			number = number * 10 + (unsigned)(*digit - '0');
		}
		if (number < 1 || number > 255)
			return NULL;
		bytes[count++] = (char)number;
	}
	return bytes;
}

static enum entry_result read_journal(const struct json_value *object, const struct json_value *message,
				      struct arena *arena, struct line *line)
{
	const struct json_value *name = json_member(object, "SYSLOG_IDENTIFIER");
	const char *text = message->type == JSON_STRING ? message->text : NULL;

	if (name && (name->type != JSON_STRING || strcmp(name->text, ident) != 0))
		return ENTRY_OTHER;
	if (message->type == JSON_ARRAY)
		text = read_bytes(message, arena);
	if (!name && (!text || !begins_as_record(text)))
		return ENTRY_OTHER;
	if (!text)
		return ENTRY_DAMAGED;
	line->time = read_microseconds(json_member(object, "__REALTIME_TIMESTAMP"));
	line->message = trimmed(text, arena);
	return ENTRY_RECORD;
}

/* "2026-11-26T05:34:21.123456+01:00" and nothing else: this member can be anybody's idea of a time. */
static int64_t read_rfc3339(const struct json_value *value)
{
	const char *text = value && value->type == JSON_STRING ? value->text : "";
	size_t length = strlen(text);
	int64_t time;

	if (length <= strlen("2026-11-26T") || text[strlen("2026-11-26")] != 'T' ||
	    timestamp_read(text, 0, &time) != length)
		return ENTRY_NO_TIME;
	return time;
}

/* A line of `journalctl -o json`, or a record that the log has parsed and written again. */
static enum entry_result read_object(const char *text, size_t length, struct arena *arena, struct line *line)
{
	const struct json_value *object = json_read(text, length, arena);
	const struct json_value *message;

	if (!object)
		return cannot_read(text, length);
	message = json_member(object, "MESSAGE");
	if (message)
		return read_journal(object, message, arena, line);
	if (!json_member(object, "record") || !json_member(object, "id"))
		return ENTRY_OTHER;
	line->time = read_rfc3339(json_member(object, "time"));
	line->message = trimmed(arena_copy(arena, text, length), arena);
	return ENTRY_RECORD;
}

enum entry_result line_read(const char *text, size_t length, const struct entry_clock *clock, struct arena *arena,
			    struct line *line)
{
	const char *message;

	*line = (struct line){ .time = ENTRY_NO_TIME };
	if (length > 0 && text[0] == '{')
		return read_object(text, length, arena, line);
	if (memchr(text, '\0', length))
		return cannot_read(text, length);
	text = arena_copy(arena, text, length);
	if (begins_as_record(text))
		message = text;
	else /* most lines of a log: not worth a look at their time */
		message = strstr(text, ident) ? read_header(text, clock, &line->time) : NULL;
	if (!message)
		return ENTRY_OTHER;
	line->message = trimmed(message, arena);
	return ENTRY_RECORD;
}
