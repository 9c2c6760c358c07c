#include "ctl/command.h"

#include <stdio.h>

#include "base/quote.h"
#include "filters/registry.h"
#include "request/request.h"

int ctl_load(struct ctl_policy *loaded, const char *conf, const struct ctl_options *options)
{
	const char *cwd;

	*loaded = (struct ctl_policy){ .trust = { .any_owner = options->assume_programs } };
	policy_initialise(&loaded->policy);
	if (conf[0] != '/') {
		cwd = request_cwd(&loaded->problems.arena);
		conf = arena_format(&loaded->problems.arena, "%s/%s", cwd ? cwd : "", conf);
	}
	return policy_load(&loaded->policy, conf, &filter_registry, &loaded->trust, options->assume_programs,
			   &loaded->problems);
}

void ctl_free(struct ctl_policy *loaded)
{
	policy_free(&loaded->policy);
	problems_free(&loaded->problems);
	trust_free(&loaded->trust);
}

void ctl_print_problem(const struct problem *problem, bool with_detail)
{
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	quote_append_word(&text, problem->file);
	if (problem->line > 0)
		strbuf_append_format(&text, ":%u", problem->line);
	strbuf_append_format(&text, ": %s: %s", problem->severity == SEVERITY_WARNING ? "warning" : "error",
			     problem->text);
	if (with_detail && problem->detail) {
		strbuf_append_string(&text, ": ");
		quote_append_word(&text, problem->detail);
	}
	fprintf(with_detail ? stdout : stderr, "%s\n", text.text);
}
