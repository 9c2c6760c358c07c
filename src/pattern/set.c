#include "pattern/translator.h"

/* One member of a set, which may be the end of a range. */
static enum escape translate_set_member(struct translator *t, uint32_t *code_point)
{
	if (translator_next_is(t, "[:") || translator_next_is(t, "[.") || translator_next_is(t, "[=")) {
		translator_refuse(t, t->at, "POSIX classes are not known to Python");
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
		return translator_refuse(t, dash, "bad character range");
	translator_emit(t, "-");
	kind = translate_set_member(t, &high);
	if (kind == ESCAPE_REFUSED)
		return -1;
	if (kind != ESCAPE_CHARACTER || low > high)
		return translator_refuse(t, dash, "bad character range");
	return 0;
}

/* t->at is at the opening bracket. */
int translate_set(struct translator *t)
{
	const char *open = t->at++;
	bool first = true;

	translator_emit(t, "[");
	if (t->at < t->end && *t->at == '^') {
		translator_emit(t, "^");
		t->at++;
	}
	while (t->at < t->end && (first || *t->at != ']')) { /* a ] that comes first stands for itself */
		if (translate_set_item(t) < 0)
			return -1;
		first = false;
	}
	if (t->at == t->end)
		return translator_refuse(t, open, "the set is not closed");
	t->at++;
	translator_emit(t, "]");
	t->previous = PREVIOUS_ATOM;
	return 0;
}
