#ifndef PSW_PATTERN_TRANSLATOR_H
#define PSW_PATTERN_TRANSLATOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/strbuf.h"

/* What the parts of pattern_translate() share: each reads one construct at `at`, and appends what it is in PCRE2. */

enum { TRANSLATOR_MAX_DEPTH = 200 }; /* open groups; PCRE2 itself stops at 250 */

/* What stands before a quantifier decides whether it may stand there. */
enum previous {
	PREVIOUS_NOTHING, /* start, ( or | */
	PREVIOUS_ATOM,
	PREVIOUS_ASSERTION, /* ^ $ \b \A \Z and lookarounds: PCRE2 and Python repeat them differently */
	PREVIOUS_REPEAT,
};

struct translator {
	const char *start;
	const char *at;
	const char *end;
	struct strbuf *out;
	struct error *error;
	enum previous previous;
	bool ignore_case;
	unsigned depth;
	bool lookaround[TRANSLATOR_MAX_DEPTH];
};

/* What an escape stands for. */
enum escape {
	ESCAPE_REFUSED = -1,
	ESCAPE_CHARACTER,
	ESCAPE_SET,       /* \d \D \s \S \w \W */
	ESCAPE_ASSERTION, /* \A \Z \b */
};

/* Says why, and where in the pattern.  Returns -1. */
int translator_refuse(struct translator *t, const char *where, const char *why);

void translator_emit(struct translator *t, const char *text);

/* Whether the pattern goes on with this text. */
bool translator_next_is(const struct translator *t, const char *text);

/* Refuses what (?i) would have to compare and cannot.  Returns 0 or -1. */
int translator_check_case(struct translator *t, uint32_t code_point);

/* The functions below return -1 with the reason if the construct is refused. */

/* One literal character, escaped if it is punctuation. */
int translate_literal(struct translator *t, uint32_t *code_point);

/* From a backslash on.  code_point is set for ESCAPE_CHARACTER alone. */
enum escape translate_escape(struct translator *t, bool in_set, uint32_t *code_point);

/* From an opening bracket on. */
int translate_set(struct translator *t);

/* One of * + ?, and {n,m}, which is literal text where it is no count. */
int translate_quantifier(struct translator *t);
int translate_brace(struct translator *t);

int translate_group_open(struct translator *t);
int translate_group_close(struct translator *t);

#endif
