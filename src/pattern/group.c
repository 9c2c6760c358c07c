#include "pattern/translator.h"

#include "base/ascii.h"

enum { MAX_GROUP_NAME = 32 };

/* t->at is after (?P< */
static int translate_group_name(struct translator *t)
{
	const char *name = t->at;

	while (t->at < t->end && (ascii_is_letter_or_digit(*t->at) || *t->at == '_'))
		t->at++;
	if (t->at == name || ascii_is_digit(*name) || t->at == t->end || *t->at != '>' || t->at - name > MAX_GROUP_NAME)
		return translator_refuse(t, name, "bad group name");
	t->at++;
	translator_emit(t, "(?P<");
	strbuf_append(t->out, name, (size_t)(t->at - name));
	return 0;
}

int translate_group_open(struct translator *t)
{
	const char *open = t->at;

	if (t->depth == TRANSLATOR_MAX_DEPTH)
		return translator_refuse(t, open, "groups nested too deep");
	t->lookaround[t->depth] = false;
	if (translator_next_is(t, "(?:")) {
		t->at += 3;
		translator_emit(t, "(?:");
	} else if (translator_next_is(t, "(?=") || translator_next_is(t, "(?!")) {
		t->lookaround[t->depth] = true;
		strbuf_append(t->out, t->at, 3);
		t->at += 3;
	} else if (translator_next_is(t, "(?P<")) {
		t->at += 4;
		if (translate_group_name(t) < 0)
			return -1;
	} else if (translator_next_is(t, "(?") || translator_next_is(t, "(*")) {
		return translator_refuse(t, open, "this kind of group is not supported");
	} else {
		t->at++;
		translator_emit(t, "(?:"); /* nothing can refer to it */
	}
	t->depth++;
	t->previous = PREVIOUS_NOTHING;
	return 0;
}

int translate_group_close(struct translator *t)
{
	if (t->depth == 0)
		return translator_refuse(t, t->at, ") without (");
	t->depth--;
	t->at++;
	translator_emit(t, ")");
	t->previous = t->lookaround[t->depth] ? PREVIOUS_ASSERTION : PREVIOUS_ATOM;
	return 0;
}
