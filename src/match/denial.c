#include "match/denial.h"

#include "base/quote.h"
#include "match/privsep.h"

static void append_refusal(struct strbuf *text, const struct request *request, const struct decision *decision)
{
	switch (decision->reason) {
	case REASON_NO_PROGRAM:
	case REASON_UNSAFE_PROGRAM:
		strbuf_append_format(text, "Executable not found: %s (filter match = %s)", decision->filter->program,
				     decision->filter->name);
		return;
	case REASON_TOO_LONG:
		strbuf_append_format(text, "Unauthorized command: over %d bytes", (int)REQUEST_MAX_BYTES);
		return;
	case REASON_NONE:
	case REASON_NO_MATCH:
	case REASON_BAD_FILTER:
	case REASON_PATTERN_LIMIT:
	case REASON_IMPLICIT_PRIVSEP:
	case REASON_PATH_GUARD:
		break;
	}
	strbuf_append_string(text, "Unauthorized command: ");
	quote_append_words(text, request->argv, request->argc);
	strbuf_append_string(text, " (no filter matched)");
}

/* Of a filter that cannot be used the caller learns where it stands, and not what is wrong with it. */
static void append_cause(struct strbuf *text, const struct decision *decision)
{
	const struct filter *filter = decision->filter;

	if (decision->reason == REASON_BAD_FILTER || decision->reason == REASON_PATTERN_LIMIT)
		strbuf_append_format(text, ": the search ended at the filter %s:%u", filter->file, filter->line);
	else if (decision->why)
		strbuf_append_format(text, ": %s", decision->why);
}

static void append_hint(struct strbuf *text, const struct request *request, const struct decision *decision)
{
	CLEANUP(strbuf_free) struct strbuf line = { 0 };

	if (decision->reason != REASON_IMPLICIT_PRIVSEP)
		return;
	privsep_append_filter(&line, request);
	if (line.length > 0)
		strbuf_append_format(text, "; to allow exactly this, add to a filter file: %s", line.text);
}

void denial_append_message(struct strbuf *text, const struct request *request, const struct decision *decision)
{
	append_refusal(text, request, decision);
	append_cause(text, decision);
	append_hint(text, request, decision);
}
