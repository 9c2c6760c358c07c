#include "pattern/translate.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

enum {
	MAX_PATTERN = 8192,     /* bytes */
	MAX_DEPTH = 200,        /* open groups; PCRE2 itself stops at 250 */
	MAX_REPEAT = 65535,     /* PCRE2's own limit */
	MAX_GROUP_NAME = 32,
};

/* What stands before a quantifier decides whether it may stand there. */
enum previous {
	PREVIOUS_NOTHING,       /* start, ( or | */
	PREVIOUS_ATOM,
	PREVIOUS_ASSERTION,     /* ^ $ \b \A \Z and lookarounds: PCRE2 and Python repeat them differently */
	PREVIOUS_REPEAT,
};

/* What an escape stands for. */
enum escape {
	ESCAPE_REFUSED = -1,
	ESCAPE_CHARACTER,
	ESCAPE_SET,             /* \d \D \s \S \w \W */
	ESCAPE_ASSERTION,       /* \A \Z \b */
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
	bool lookaround[MAX_DEPTH];
};

static int refuse(struct translator *t, const char *where, const char *why)
{
	return error_set(t->error, "%s (at byte %zu of the pattern)", why, (size_t)(where - t->start));
}

static void emit(struct translator *t, const char *text)
{
	strbuf_append_string(t->out, text);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex_digit(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_letter_or_digit(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static unsigned hex_value(char c)
{
	return is_digit(c) ? (unsigned)(c - '0') : (unsigned)((c | 0x20) - 'a' + 10);
}

static bool next_is(const struct translator *t, const char *text)
{
	size_t length = strlen(text);

	return (size_t)(t->end - t->at) >= length && memcmp(t->at, text, length) == 0;
}

/* Above ASCII Python and PCRE2 do not agree on which letters differ only in case. */
static int check_case(struct translator *t, uint32_t code_point)
{
	return t->ignore_case && code_point >= 0x80 ? refuse(t, t->at, "(?i) is supported for ASCII only") : 0;
}

/* One literal character, escaped if it is punctuation. */
static int translate_literal(struct translator *t, uint32_t *code_point)
{
	char c = *t->at;
	size_t length = utf8_decode(t->at, (size_t)(t->end - t->at), code_point);

	if (length == 0)
		return refuse(t, t->at, "not UTF-8");
	if (check_case(t, *code_point) < 0)
		return -1;
	if (((unsigned char)c < 0x20 && c != '\t' && c != '\n') || c == 0x7f)
		return refuse(t, t->at, "control character");
	if (length == 1 && c > 0x20 && c != '_' && !is_letter_or_digit(c))
		emit(t, "\\");
	strbuf_append(t->out, t->at, length);
	t->at += length;
	return 0;
}

/* \a \f \n \r \t \v: PCRE2's \v is a class of seven, so each is written as \xHH.  Returns 0 for another letter. */
static char control_escape(char letter)
{
	static const char letters[] = "afnrtv";
	static const char values[] = "\a\f\n\r\t\v";

	for (size_t i = 0; letters[i] != '\0'; i++) {
		if (letters[i] == letter)
			return values[i];
	}
	return '\0';
}

static enum escape emit_character(struct translator *t, uint32_t value, uint32_t *code_point)
{
	*code_point = value;
	if (check_case(t, value) < 0)
		return ESCAPE_REFUSED;
	strbuf_append_format(t->out, "\\x%02x", (unsigned)value);
	return ESCAPE_CHARACTER;
}

/* \xHH; t->at is at the x. */
static enum escape translate_hex_escape(struct translator *t, uint32_t *code_point)
{
	const char *digits = t->at + 1;

	if (t->end - digits < 2 || !is_hex_digit(digits[0]) || !is_hex_digit(digits[1])) {
		refuse(t, t->at - 1, "\\x needs two hexadecimal digits");
		return ESCAPE_REFUSED;
	}
	t->at += 3;
	return emit_character(t, hex_value(digits[0]) << 4 | hex_value(digits[1]), code_point);
}

/*
 * A word character to Python is a letter, a number or the underscore.  PCRE2's \w
 * came to mean more in 10.43, so it is never used, nor is \b that rests on it.
 */
#define WORD "\\p{Xan}_"

static enum escape translate_assertion_escape(struct translator *t)
{
	char letter = *t->at++;

	if (letter == 'b')
		emit(t, "(?:(?<=[" WORD "])(?![" WORD "])|(?<![" WORD "])(?=[" WORD "]))");
	else /* Python's \Z is the very end; PCRE2's \Z also stands before a last newline. */
		emit(t, letter == 'Z' ? "\\z" : "\\A");
	return ESCAPE_ASSERTION;
}

/* \w and \W; t->at is at the letter. */
static enum escape translate_word_escape(struct translator *t, bool in_set)
{
	bool negated = *t->at == 'W';

	if (in_set && negated) {
		refuse(t, t->at - 1, "\\W in a set is not supported");
		return ESCAPE_REFUSED;
	}
	t->at++;
	emit(t, in_set ? WORD : negated ? "[^" WORD "]" : "[" WORD "]");
	return ESCAPE_SET;
}

/* t->at is at a letter or digit after a backslash. */
static enum escape translate_letter_escape(struct translator *t, bool in_set, uint32_t *code_point)
{
	char letter = *t->at;

	if (letter == 'w' || letter == 'W')
		return translate_word_escape(t, in_set);
	if (strchr("dDsS", letter)) {
		strbuf_append_format(t->out, "\\%c", letter);
		t->at++;
		return ESCAPE_SET;
	}
	if (control_escape(letter) || (letter == 'b' && in_set)) {
		t->at++;
		return emit_character(t, letter == 'b' ? 8 : (uint32_t)control_escape(letter), code_point);
	}
	if (letter == 'x')
		return translate_hex_escape(t, code_point);
	if (!in_set && strchr("AZb", letter)) /* not \B: Python's never matches in an empty string */
		return translate_assertion_escape(t);
	if (letter == '0' && (t->end - t->at < 2 || t->at[1] < '0' || t->at[1] > '7')) {
		t->at++;
		return emit_character(t, 0, code_point);
	}
	refuse(t, t->at - 1, is_digit(letter) ? "back-references and octal escapes are not supported" :
						"this escape is not supported");
	return ESCAPE_REFUSED;
}

/* t->at is at a backslash. */
static enum escape translate_escape(struct translator *t, bool in_set, uint32_t *code_point)
{
	t->at++;
	if (t->at == t->end) {
		refuse(t, t->at - 1, "the pattern ends with a backslash");
		return ESCAPE_REFUSED;
	}
	if (is_letter_or_digit(*t->at))
		return translate_letter_escape(t, in_set, code_point);
	return translate_literal(t, code_point) < 0 ? ESCAPE_REFUSED : ESCAPE_CHARACTER;
}

/* One member of a set, which may be the end of a range. */
static enum escape translate_set_member(struct translator *t, uint32_t *code_point)
{
	if (next_is(t, "[:") || next_is(t, "[.") || next_is(t, "[=")) {
		refuse(t, t->at, "POSIX classes are not known to Python");
		return ESCAPE_REFUSED;
	}
	if (*t->at == '\\')
		return translate_escape(t, true, code_point);
	return translate_literal(t, code_point) < 0 ? ESCAPE_REFUSED : ESCAPE_CHARACTER;
}

/* A member, or a range where "-" and another member follow. */
static int translate_set_item(struct translator *t)
{
	uint32_t low = 0;
	uint32_t high = 0;
	const char *dash;
	enum escape kind = translate_set_member(t, &low);

	if (kind == ESCAPE_REFUSED)
		return -1;
	if (t->end - t->at < 2 || *t->at != '-' || t->at[1] == ']')
		return 0;
	dash = t->at++;
	if (kind != ESCAPE_CHARACTER)
		return refuse(t, dash, "bad character range");
	emit(t, "-");
	kind = translate_set_member(t, &high);
	if (kind == ESCAPE_REFUSED)
		return -1;
	if (kind != ESCAPE_CHARACTER || low > high)
		return refuse(t, dash, "bad character range");
	return 0;
}

/* t->at is at the opening bracket. */
static int translate_set(struct translator *t)
{
	const char *open = t->at++;
	bool first = true;

	emit(t, "[");
	if (t->at < t->end && *t->at == '^') {
		emit(t, "^");
		t->at++;
	}
	while (t->at < t->end && (first || *t->at != ']')) { /* a ] that comes first stands for itself */
		if (translate_set_item(t) < 0)
			return -1;
		first = false;
	}
	if (t->at == t->end)
		return refuse(t, open, "the set is not closed");
	t->at++;
	emit(t, "]");
	t->previous = PREVIOUS_ATOM;
	return 0;
}

/* Reads digits; values past the limit stay past it. */
static unsigned read_count(const char **at, const char *end)
{
	unsigned value = 0;

	for (; *at < end && is_digit(**at); (*at)++) {
		if (value <= MAX_REPEAT)
			value = value * 10 + (unsigned)(**at - '0');
	}
	return value;
}

struct repeat {
	unsigned low;
	unsigned high;
	bool has_high;          /* {n,m} */
	bool open;              /* {n,} */
	const char *end;
};

/* Whether a repeat count stands at the brace; for Python anything else makes it a literal brace. */
static bool read_repeat(const struct translator *t, struct repeat *repeat)
{
	const char *at = t->at + 1;
	const char *digits = at;

	*repeat = (struct repeat){ .low = read_count(&at, t->end) };
	repeat->open = at < t->end && *at == ',';
	if (repeat->open) {
		const char *high = ++at;

		repeat->high = read_count(&at, t->end);
		repeat->has_high = at > high;
	}
	repeat->end = at + 1;
	return at < t->end && *at == '}' && at > digits;
}

static int check_quantifier(struct translator *t, const char *where)
{
	if (t->previous == PREVIOUS_REPEAT)
		return refuse(t, where, "a repeat of a repeat");
	if (t->previous != PREVIOUS_ATOM)
		return refuse(t, where, "nothing to repeat");
	return 0;
}

/* What may follow a quantifier: ? makes it lazy; + would make it possessive. */
static int translate_quantifier_end(struct translator *t)
{
	t->previous = PREVIOUS_REPEAT;
	if (t->at < t->end && *t->at == '?') {
		emit(t, "?");
		t->at++;
	} else if (t->at < t->end && *t->at == '+') {
		return refuse(t, t->at, "possessive repeats are not supported");
	}
	return 0;
}

static int translate_brace(struct translator *t)
{
	const char *open = t->at;
	struct repeat repeat;
	uint32_t code_point;

	if (!read_repeat(t, &repeat)) {
		t->previous = PREVIOUS_ATOM;
		return translate_literal(t, &code_point);
	}
	if (repeat.low > MAX_REPEAT || (repeat.has_high && repeat.high > MAX_REPEAT))
		return refuse(t, open, "repeat count over 65535");
	if (repeat.has_high && repeat.high < repeat.low)
		return refuse(t, open, "the highest repeat count is below the lowest");
	if (check_quantifier(t, open) < 0)
		return -1;
	strbuf_append_format(t->out, "{%u", repeat.low); /* Python's {,n} is {0,n}; to PCRE2 it is literal text */
	if (repeat.open)
		emit(t, ",");
	if (repeat.has_high)
		strbuf_append_format(t->out, "%u", repeat.high);
	emit(t, "}");
	t->at = repeat.end;
	return translate_quantifier_end(t);
}

static int translate_quantifier(struct translator *t)
{
	if (check_quantifier(t, t->at) < 0)
		return -1;
	strbuf_append_char(t->out, *t->at++);
	return translate_quantifier_end(t);
}

/* t->at is after (?P< */
static int translate_group_name(struct translator *t)
{
	const char *name = t->at;

	while (t->at < t->end && (is_letter_or_digit(*t->at) || *t->at == '_'))
		t->at++;
	if (t->at == name || is_digit(*name) || t->at == t->end || *t->at != '>' || t->at - name > MAX_GROUP_NAME)
		return refuse(t, name, "bad group name");
	t->at++;
	emit(t, "(?P<");
	strbuf_append(t->out, name, (size_t)(t->at - name));
	return 0;
}

static int translate_group_open(struct translator *t)
{
	const char *open = t->at;

	if (t->depth == MAX_DEPTH)
		return refuse(t, open, "groups nested too deep");
	t->lookaround[t->depth] = false;
	if (next_is(t, "(?:")) {
		t->at += 3;
		emit(t, "(?:");
	} else if (next_is(t, "(?=") || next_is(t, "(?!")) {
		t->lookaround[t->depth] = true;
		strbuf_append(t->out, t->at, 3);
		t->at += 3;
	} else if (next_is(t, "(?P<")) {
		t->at += 4;
		if (translate_group_name(t) < 0)
			return -1;
	} else if (next_is(t, "(?") || next_is(t, "(*")) {
		return refuse(t, open, "this kind of group is not supported");
	} else {
		t->at++;
		emit(t, "(?:"); /* nothing can refer to it */
	}
	t->depth++;
	t->previous = PREVIOUS_NOTHING;
	return 0;
}

static int translate_group_close(struct translator *t)
{
	if (t->depth == 0)
		return refuse(t, t->at, ") without (");
	t->depth--;
	t->at++;
	emit(t, ")");
	t->previous = t->lookaround[t->depth] ? PREVIOUS_ASSERTION : PREVIOUS_ATOM;
	return 0;
}

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

	if (!next_is(t, "(?"))
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
		return refuse(&t, t.end, "( without )");
	return 0;
}
