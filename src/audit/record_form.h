#ifndef PSW_RECORD_FORM_H
#define PSW_RECORD_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

/* One fact of a record. */
struct record_field {
	const char *key;
	const char *value;      /* NULL: unknown */
	bool is_number;         /* decimal digits */
	bool is_whole;          /* our own words, of a length that is known: never cut */
};

/*
 * How records are written: the same facts in the same order, as text or as JSON.
 * A line is begin(), append_field() for each fact, append_part() where the command
 * goes on in other records, then, for kinds with a command, begin_command(), words
 * and end_command(), and last end().
 */
struct record_form {
	size_t max_value;       /* bytes that one value may take as it is written: all together leave room for cmd */
	size_t max_escape;      /* bytes that one byte can take */
	size_t max_quotes;      /* bytes around a word */
	void (*begin)(struct strbuf *line, const char *kind);
	void (*append_field)(struct strbuf *line, const struct record_field *field);
	/* continues: the first word of this part goes on with the last one of the part before. */
	void (*append_part)(struct strbuf *line, size_t part, size_t parts, bool continues);
	void (*begin_command)(struct strbuf *line);
	/* Before every word but the command's first; starts_part: in this part none stands before it. */
	void (*separate_words)(struct strbuf *line, bool starts_part);
	void (*append_word)(struct strbuf *line, const char *word);
	void (*end_command)(struct strbuf *line);
	void (*end)(struct strbuf *line);
};

/* `allow id=77aa01d2c3f4 ... cmd=ip link`: privsep-wrap(8). */
extern const struct record_form record_form_text;

/* `@cee: {"record":"allow","id":"77aa01d2c3f4",...,"cmd":["ip","link"]}`: by the prefix syslog daemons know JSON. */
extern const struct record_form record_form_json;

#endif
