#include "base/quote.h"
#include "confine/credentials.h"
#include "ctl/explain_output.h"
#include "match/privsep.h"

enum { MAX_NEAR_MISSES = 5 };

static void append_line(struct strbuf *buffer, const char *name, const char *value)
{
	strbuf_append_format(buffer, "  %-14s", name);
	quote_append_word(buffer, value);
	strbuf_append_char(buffer, '\n');
}

static void append_filter(struct strbuf *buffer, const char *name, const struct filter *filter)
{
	strbuf_append_format(buffer, "  %-14s", name);
	quote_append_word(buffer, filter->name);
	strbuf_append_format(buffer, " (%s), ", filter->class->name);
	quote_append_word(buffer, filter->file);
	strbuf_append_format(buffer, ":%u\n", filter->line);
}

static void append_words(struct strbuf *buffer, const char *name, const char *const *words, size_t count)
{
	strbuf_append_format(buffer, "  %-14s", name);
	quote_append_words(buffer, words, count);
	strbuf_append_char(buffer, '\n');
}

void explain_append_capabilities(struct strbuf *buffer, const struct decision *decision)
{
	const char *const programs[] = { decision->program, decision->inner_program };
	const struct identity identity = { .uid = identity_is_root(decision->filter->run_as) ? 0 : 1 };
	struct credentials credentials =
		credentials_choose(&identity, decision->filter->context, programs, ARRAY_LENGTH(programs));

	capability_append_set(buffer, credentials_granted(&credentials));
}

static void append_capabilities(struct strbuf *buffer, const struct decision *decision)
{
	strbuf_append_format(buffer, "  %-14s", "capabilities");
	explain_append_capabilities(buffer, decision);
	strbuf_append_char(buffer, '\n');
}

static void append_context(struct strbuf *buffer, const struct decision *decision)
{
	const struct context *context = decision->filter->context;

	if (context->name)
		append_line(buffer, "context", context->name);
	append_capabilities(buffer, decision);
	if (context->timeout > 0)
		strbuf_append_format(buffer, "  %-14s%lu s\n", "time limit", context->timeout);
	if (decision->guards.count > 0)
		append_words(buffer, "guards", decision->guards.directories, decision->guards.count);
}

static void append_allowed(struct strbuf *buffer, const struct decision *decision)
{
	append_filter(buffer, "filter", decision->filter);
	if (decision->inner)
		append_filter(buffer, "inner filter", decision->inner);
	if (decision->file)
		append_line(buffer, "reads", decision->file);
	else
		append_words(buffer, decision->target ? "signal as by" : "runs", decision->argv, decision->argc);
	append_line(buffer, "as user", decision->filter->run_as);
	append_context(buffer, decision);
	if (decision->environment_count > 0)
		append_words(buffer, "sets", decision->environment, decision->environment_count);
}

static void append_near_miss(struct strbuf *buffer, const struct request *request, const struct near_miss *miss)
{
	append_filter(buffer, "near", miss->filter);
	if (miss->argument < request->argc) {
		strbuf_append_format(buffer, "  %-14sargument %zu, ", "", miss->argument);
		quote_append_word(buffer, request->argv[miss->argument]);
		strbuf_append_format(buffer, ": %s\n", miss->why);
	} else {
		strbuf_append_format(buffer, "  %-14s%s\n", "", miss->why);
	}
}

static void append_denied(struct strbuf *buffer, const struct request *request, const struct decision *decision)
{
	CLEANUP(strbuf_free) struct strbuf line = { 0 };
	size_t shown = 0;

	if (decision->filter)
		append_filter(buffer, "ended by", decision->filter);
	if (decision->why)
		strbuf_append_format(buffer, "  %-14s%s\n", "because", decision->why);
	else if (decision->reason == REASON_NO_PROGRAM && decision->filter)
		append_line(buffer, "not there", decision->filter->program);
	for (const struct near_miss *miss = decision->near; miss && shown < MAX_NEAR_MISSES; miss = miss->next, shown++)
		append_near_miss(buffer, request, miss);
	if (decision->reason == REASON_IMPLICIT_PRIVSEP)
		privsep_append_filter(&line, request);
	if (line.length > 0)
		strbuf_append_format(buffer, "  %-14s%s\n", "to allow it", line.text);
}

void explain_append_text(struct strbuf *buffer, const struct request *request, const struct decision *decision)
{
	bool allowed = decision->verdict == VERDICT_ALLOW;

	if (allowed)
		strbuf_append_string(buffer, "allow\n");
	else
		strbuf_append_format(buffer, "deny: %s (exit status %d)\n", reason_name(decision->reason),
				     reason_exit_status(decision->reason));
	append_words(buffer, "request", request->argv, request->argc);
	if (allowed)
		append_allowed(buffer, decision);
	else
		append_denied(buffer, request, decision);
}
