#include <string.h>

#include "base/json.h"
#include "ctl/explain_output.h"
#include "policy/context.h"

static void append_member(struct strbuf *buffer, const char *name, const char *value)
{
	strbuf_append_format(buffer, ",\"%s\":", name);
	json_append_string_or_null(buffer, value);
}

static void append_source(struct strbuf *buffer, const struct filter *filter)
{
	CLEANUP(strbuf_free) struct strbuf source = { 0 };

	if (filter)
		strbuf_append_format(&source, "%s:%u", filter->file, filter->line);
	append_member(buffer, "source", filter ? source.text : NULL);
}

static void append_environment(struct strbuf *buffer, const struct decision *decision)
{
	strbuf_append_string(buffer, ",\"env\":{");
	for (size_t i = 0; i < decision->environment_count; i++) {
		const char *assignment = decision->environment[i];
		CLEANUP(strbuf_free) struct strbuf name = { 0 };

		strbuf_append(&name, assignment, strcspn(assignment, "="));
		strbuf_append_string(buffer, i > 0 ? "," : "");
		json_append_string(buffer, name.text);
		strbuf_append_char(buffer, ':');
		json_append_string(buffer, assignment + name.length + 1);
	}
	strbuf_append_char(buffer, '}');
}

static void append_near_misses(struct strbuf *buffer, const struct decision *decision)
{
	strbuf_append_string(buffer, ",\"near\":[");
	for (const struct near_miss *miss = decision->near; miss; miss = miss->next) {
		strbuf_append_string(buffer, miss == decision->near ? "{\"filter\":" : ",{\"filter\":");
		json_append_string(buffer, miss->filter->name);
		append_source(buffer, miss->filter);
		strbuf_append_format(buffer, ",\"argument\":%zu", miss->argument);
		append_member(buffer, "why", miss->why);
		strbuf_append_char(buffer, '}');
	}
	strbuf_append_char(buffer, ']');
}

/* What a context adds: its name, the capabilities, the time limit in seconds, where no link is followed. */
static void append_confinement(struct strbuf *buffer, const struct decision *decision)
{
	const struct context *context = decision->filter ? decision->filter->context : NULL;
	CLEANUP(strbuf_free) struct strbuf capabilities = { 0 };

	if (decision->verdict != VERDICT_ALLOW)
		context = NULL;
	else
		explain_append_capabilities(&capabilities, decision);
	append_member(buffer, "context", context ? context->name : NULL);
	append_member(buffer, "capabilities", context ? capabilities.text : NULL);
	strbuf_append_format(buffer, ",\"timeout\":%lu,\"guards\":", context ? context->timeout : 0);
	json_append_strings(buffer, decision->guards.directories, context ? decision->guards.count : 0);
}

void explain_append_json(struct strbuf *buffer, const struct request *request, const struct decision *decision)
{
	const struct filter *filter = decision->filter;
	bool allowed = decision->verdict == VERDICT_ALLOW;

	strbuf_append_string(buffer, "{\"argv\":");
	json_append_strings(buffer, request->argv, request->argc);
	append_member(buffer, "verdict", allowed ? "allow" : "deny");
	append_member(buffer, "reason", allowed ? NULL : reason_name(decision->reason));
	append_member(buffer, "filter", filter ? filter->name : NULL);
	append_member(buffer, "class", filter ? filter->class->name : NULL);
	append_source(buffer, filter);
	strbuf_append_string(buffer, ",\"exec\":");
	json_append_strings(buffer, decision->argv, allowed ? decision->argc : 0);
	append_member(buffer, "run_as", filter ? filter->run_as : NULL);
	append_environment(buffer, decision);
	append_confinement(buffer, decision);
	append_near_misses(buffer, decision);
	strbuf_append_char(buffer, '}');
}
