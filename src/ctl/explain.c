#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/exit_status.h"
#include "base/quote.h"
#include "ctl/command.h"
#include "ctl/explain_output.h"
#include "match/match.h"

/* One policy and what its requests have in common. */
struct session {
	struct ctl_policy loaded;
	const struct ctl_options *options;
	struct request request;
	struct arena arena;
};

/* Decides as the wrapper does and prints the answer.  Returns the status that the wrapper would end with. */
static int explain(struct session *session, const char *const *argv, size_t argc)
{
	const struct match_means means = {
		.trust = &session->loaded.trust,
		.processes = &process_source_proc,
		.assume_programs = session->options->assume_programs,
		.find_near_misses = true,
	};
	CLEANUP(decision_free) struct decision decision = { 0 };
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	session->request.argv = argv;
	session->request.argc = argc;
	match_decide(&session->loaded.policy, &session->request, &means, &decision);
	if (session->options->json || session->options->batch) {
		explain_append_json(&text, &session->request, &decision);
		strbuf_append_char(&text, '\n');
	} else {
		explain_append_text(&text, &session->request, &decision);
	}
	fputs(text.text, stdout);
	return decision.verdict == VERDICT_ALLOW ? 0 : reason_exit_status(decision.reason);
}

/* A line that cannot be read gets an answer too, so that answers and lines stay in step. */
static int explain_line(struct session *session, const char *line, size_t number)
{
	struct arena arena = { 0 };
	const char *const *words;
	struct error error;
	size_t count;
	int status = CTL_OK;

	if (quote_read_words(line, &arena, &words, &count, &error) < 0) {
		fprintf(stderr, "privsep-wrapctl: standard input:%zu: %s\n", number, error.text);
		printf("{\"verdict\":\"deny\",\"reason\":\"unreadable-line\",\"line\":%zu}\n", number);
		status = CTL_ERRORS;
	} else if (count > 0) {
		explain(session, words, count);
	}
	arena_free(&arena);
	return status;
}

static int explain_batch(struct session *session)
{
	char *line = NULL;
	size_t size = 0;
	int status = CTL_OK;

	for (size_t number = 1; getline(&line, &size, stdin) >= 0; number++) {
		if (line[0] != '#' && explain_line(session, line, number) != CTL_OK)
			status = CTL_ERRORS;
	}
	free(line);
	return status;
}

static void print_fatal_problems(const struct problems *problems)
{
	for (const struct problem *problem = problems->first; problem; problem = problem->next) {
		if (problem->severity == SEVERITY_FATAL)
			ctl_print_problem(problem, false);
	}
}

int ctl_explain(const char *conf, int argc, char **argv, const struct ctl_options *options)
{
	struct session session = { .options = options };
	int status = EXIT_BAD_CONFIG;

	if (ctl_load(&session.loaded, conf, options) < 0) {
		print_fatal_problems(&session.loaded.problems);
	} else {
		session.request.cwd = request_cwd(&session.arena);
		session.request.environment = (const char *const *)environ;
		caller_identify_user(&session.request.caller, session.request.environment, &session.arena);
		status = options->batch ? explain_batch(&session) :
					  explain(&session, (const char *const *)argv, (size_t)argc);
	}
	arena_free(&session.arena);
	ctl_free(&session.loaded);
	return status;
}
