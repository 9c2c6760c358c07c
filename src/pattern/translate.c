#include "pattern/translate.h"

#include <string.h>

#include "pattern/translator.h"

enum { MAX_PATTERN = 8192 }; /* bytes */

static int translate_backslash(struct translator *t)
{
	uint32_t code_point;
	enum escape kind = translate_escape(t, false, &code_point);

	t->previous = kind == ESCAPE_ASSERTION ? PREVIOUS_ASSERTION : PREVIOUS_ATOM;
	return kind == ESCAPE_REFUSED ? -1 : 0;
}

/* . ^ $ | mean the same to both. */
static int translate_mark(struct translator *t, enum previous previous)
{
	strbuf_append_char(t->out, *t->at++);
	t->previous = previous;
	return 0;
}

static int translate_next(struct translator *t)
{
	uint32_t code_point;

	switch (*t->at) {
	case '*':
	case '+':
	case '?':
		return translate_quantifier(t);
	case '{':
		return translate_brace(t);
	case '.':
		return translate_mark(t, PREVIOUS_ATOM);
	case '^':
	case '$':
		return translate_mark(t, PREVIOUS_ASSERTION);
	case '|':
		return translate_mark(t, PREVIOUS_NOTHING);
	case '[':
		return translate_set(t);
	case '\\':
		return translate_backslash(t);
	case '(':
		return translate_group_open(t);
	case ')':
		return translate_group_close(t);
	default:
		t->previous = PREVIOUS_ATOM;
		return translate_literal(t, &code_point);
	}
}

/* (?ism) for the whole pattern: Python 3.11 takes it at the start only. */
static void translate_leading_flags(struct translator *t)
{
	const char *at = t->at + 2;

	if (!translator_next_is(t, "(?"))
		return;
	while (at < t->end && strchr("ism", *at))
		at++;
	if (at == t->at + 2 || at == t->end || *at != ')')
		return;
	t->ignore_case = memchr(t->at, 'i', (size_t)(at - t->at)) != NULL;
	strbuf_append(t->out, t->at, (size_t)(at + 1 - t->at));
	t->at = at + 1;
}

int pattern_translate(const char *python, struct strbuf *pcre2, struct error *error)
{
	struct translator t = {
		.start = python,
		.at = python,
		.end = python + strlen(python),
		.out = pcre2,
		.error = error,
	};

	strbuf_append(pcre2, "", 0);
	if (t.end - t.start > MAX_PATTERN)
		return error_set(error, "pattern over 8 KiB");
	translate_leading_flags(&t);
	while (t.at < t.end) {
		if (translate_next(&t) < 0)
			return -1;
	}
	if (t.depth > 0)
		return translator_refuse(&t, t.end, "( without )");
	return 0;
}
