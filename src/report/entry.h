#ifndef PSW_ENTRY_H
#define PSW_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/memory.h"

/*
 * Records of the audit trail read back, from whatever a log has put around them:
 * files of rsyslog in its traditional and in its ISO 8601 format, audit_file,
 * `journalctl -o short|short-iso|cat|json`.  Text and JSON give the same entry.
 */
struct entry_field {
	const char *key;
	const char *value;      /* the bytes that were recorded; NULL: unknown */
};

struct entry {
	int64_t time;           /* microseconds since 1970; ENTRY_NO_TIME */
	const char *kind;       /* "allow", "deny", "error", "exit" or "more" */
	const char *id;
	const struct entry_field *fields;       /* all but kind, id, part and cmd, in the order of the record */
	size_t field_count;
	unsigned part;          /* of parts, counted from 1 */
	unsigned parts;         /* 1: the record is whole */
	bool continues;         /* its first word goes on with the last word of the part before */
	const char *const *words;       /* of cmd, NULL-terminated */
	size_t word_count;
};

#define ENTRY_NO_TIME INT64_MIN

/* A record has at most 2048 bytes; other programs that write its JSON again may take more for the same. */
enum { ENTRY_MAX_BYTES = 16384 };

enum entry_result {
	ENTRY_RECORD,
	ENTRY_OTHER,            /* a line of another program, or a blank one */
	ENTRY_DAMAGED,          /* a record of ours that cannot be read: cut, or changed on its way; a whole one is
				   also that if its words are not as many as argc says */
};

/* What the lines themselves do not say. */
struct entry_clock {
	int64_t now;            /* microseconds: a time without a year is at most a day after it */
};

/*
 * Reads one line, without its newline; all of the entry lives in the arena.
 * Whoever wrote the line could have written anything: nothing of it is trusted.
 */
enum entry_result entry_read(const char *line, size_t length, const struct entry_clock *clock, struct arena *arena,
			     struct entry *entry) MUST_CHECK;

/* Whether it is a part of an error's record: one that was allowed can have the same id. */
bool entry_is_of_error(const struct entry *entry);

/* The value of a key; NULL where it is not there or unknown. */
const char *entry_value(const struct entry *entry, const char *key);

/* Whether the words are as many as argc says; of a command that was too long, not more. */
bool entry_has_all_words(const struct entry *entry);

#endif
