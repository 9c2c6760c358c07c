#include "pattern/translator.h"

#include "base/ascii.h"

enum { MAX_REPEAT = 65535 }; /* PCRE2's own limit */

/* Reads digits; values past the limit stay past it. */
static unsigned read_count(const char **at, const char *end)
{
	unsigned value = 0;

	for (; *at < end && ascii_is_digit(**at); (*at)++) {
		if (value <= MAX_REPEAT)
			value = value * 10 + (unsigned)(**at - '0');
	}
	return value;
}

struct repeat {
	unsigned low;
	unsigned high;
	bool has_high; /* {n,m} */
	bool open;     /* {n,} */
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
		return translator_refuse(t, where, "a repeat of a repeat");
	if (t->previous != PREVIOUS_ATOM)
		return translator_refuse(t, where, "nothing to repeat");
	return 0;
}

/* What may follow a quantifier: ? makes it lazy; + would make it possessive. */
static int translate_quantifier_end(struct translator *t)
{
	t->previous = PREVIOUS_REPEAT;
	if (t->at < t->end && *t->at == '?') {
		translator_emit(t, "?");
		t->at++;
	} else if (t->at < t->end && *t->at == '+') {
		return translator_refuse(t, t->at, "possessive repeats are not supported");
	}
	return 0;
}

int translate_brace(struct translator *t)
{
	const char *open = t->at;
	struct repeat repeat;
	uint32_t code_point;

	if (!read_repeat(t, &repeat)) {
		t->previous = PREVIOUS_ATOM;
		return translate_literal(t, &code_point);
	}
	if (repeat.low > MAX_REPEAT || (repeat.has_high && repeat.high > MAX_REPEAT))
		return translator_refuse(t, open, "repeat count over 65535");
	if (repeat.has_high && repeat.high < repeat.low)
		return translator_refuse(t, open, "the highest repeat count is below the lowest");
	if (check_quantifier(t, open) < 0)
		return -1;
	strbuf_append_format(t->out, "{%u", repeat.low); /* Python's {,n} is {0,n}; to PCRE2 it is literal text */
	if (repeat.open)
		translator_emit(t, ",");
	if (repeat.has_high)
		strbuf_append_format(t->out, "%u", repeat.high);
	translator_emit(t, "}");
	t->at = repeat.end;
	return translate_quantifier_end(t);
}

int translate_quantifier(struct translator *t)
{
	if (check_quantifier(t, t->at) < 0)
		return -1;
	strbuf_append_char(t->out, *t->at++);
	return translate_quantifier_end(t);
}
