#ifndef PSW_RECORD_LINES_H
#define PSW_RECORD_LINES_H

#include "audit/record_form.h"
#include "base/memory.h"

enum { RECORD_MAX_FIELDS = 24 };

/* What a record says, before it is written in one form or the other. */
struct record_facts {
	const char *kind;
	const char *id;
	struct record_field fields[RECORD_MAX_FIELDS];
	size_t field_count;
	const char *const *words;       /* of the command; NULL: the kind has none */
	size_t word_count;
};

/* The lines of one record; joining their commands gives the whole. */
struct record {
	const char **parts;
	size_t count;
};

/* Adds a fact; value NULL is unknown.  Strings must outlive the facts. */
void record_add_text(struct record_facts *facts, const char *key, const char *value);

/* Words of ours: never cut. */
void record_add_whole(struct record_facts *facts, const char *key, const char *value);

/* A number as digits, such as /proc gives it. */
void record_add_digits(struct record_facts *facts, const char *key, const char *digits);

void record_add_number(struct record_facts *facts, const char *key, unsigned long number, struct arena *arena);

/*
 * Writes the record as lines of at most RECORD_MAX bytes, cut between words, and
 * inside a word only where it is too long alone.  Of values that are too long the
 * end is kept, with "..." in front, which no path begins with.
 */
struct record record_write(const struct record_facts *facts, const struct record_form *form, struct arena *arena);

#endif
