#include "match/match.h"

#include <string.h>

#include "base/path.h"
#include "match/guard.h"
#include "match/near_miss.h"
#include "match/program.h"
#include "policy/context.h"

/* How the search goes on after a filter. */
enum outcome {
	OUTCOME_NEXT,           /* it did not match */
	OUTCOME_MISSING,        /* it matched, its program does not exist */
	OUTCOME_DENIED,         /* the search ends with a denial */
	OUTCOME_ALLOWED,
};

/* One search through the filters. */
struct search {
	const struct policy *policy;
	const struct match_means *means;
	struct decision *decision;
	struct filter_input input;
	size_t offset;                  /* where the inner command of a chain begins; 0: it is none */
	const struct filter *chain;     /* the inner command of a chain: its user's filters count; NULL: it is none */
	bool env_is_taken;              /* by an EnvFilter that did not match */
};

/* What a filter allows. */
struct candidate {
	const struct filter *filter;
	struct filter_match match;
	const char *program;
	const char *why;                /* its program is missing */
};

static enum outcome deny(struct decision *decision, enum reason reason, const struct filter *filter, const char *why)
{
	decision->reason = reason;
	decision->filter = filter;
	decision->why = why ? arena_string(&decision->arena, why) : NULL;
	return OUTCOME_DENIED;
}

/* oslo.rootwrap's EnvFilter, whatever it says, takes a leading "env" away from the filters behind it. */
static void pass_by(struct search *search, const struct filter *filter)
{
	if (filter->class->takes_env && strcmp(search->input.request->argv[0], "env") == 0)
		search->env_is_taken = true;
}

static bool takes_part(const struct search *search, const struct filter *filter)
{
	if (search->env_is_taken && !filter->class->takes_env && !filter->unusable)
		return false;
	if (!search->chain)
		return true;
	if (filter->class->chaining)
		return false;
	/* Without a user it is unusable, and may have been meant for this one. */
	return !filter->run_as || strcmp(filter->run_as, search->chain->run_as) == 0;
}

static enum outcome find_program(const struct search *search, struct candidate *candidate)
{
	struct decision *decision = search->decision;

	switch (program_find(candidate->filter->program, &search->policy->exec_dirs, search->means->trust,
			     search->means->assume_programs, &decision->arena, &candidate->program, &candidate->why)) {
	case PROGRAM_FOUND:
		return OUTCOME_ALLOWED;
	case PROGRAM_MISSING:
		return OUTCOME_MISSING;
	case PROGRAM_UNSAFE:
		break;
	}
	return deny(decision, REASON_UNSAFE_PROGRAM, candidate->filter, candidate->why);
}

static enum outcome try_filter(const struct search *search, const struct filter *filter, struct candidate *candidate)
{
	struct filter_match *match = &candidate->match;
	struct decision *decision = search->decision;

	candidate->filter = filter;
	*match = (struct filter_match){ 0 };
	if (filter->unusable) {
		if (!filter_concerns(filter, search->input.request))
			return OUTCOME_NEXT;
		return deny(decision, REASON_BAD_FILTER, filter, filter->unusable);
	}
	switch (filter->class->match(filter, &search->input, match)) {
	case FILTER_MATCH:
		return OUTCOME_ALLOWED;
	case FILTER_UNUSABLE:
		return deny(decision, REASON_BAD_FILTER, filter, match->why);
	case FILTER_PATTERN_LIMIT:
		return deny(decision, REASON_PATTERN_LIMIT, filter, match->why);
	case FILTER_NO_MATCH:
		break;
	}
	if (search->means->find_near_misses)
		near_miss_add(decision, filter, search->input.request, match, search->offset);
	return OUTCOME_NEXT;
}

/*
 * The inner command is what its own filter finds, never the path that the caller
 * gave; a path is only a way to name a program of exec_dirs.
 */
static bool name_inner_command(const struct search *search, size_t inner, struct request *request)
{
	const struct request *outer = search->input.request;
	const char *given = outer->argv[inner];
	const char **argv;

	if (strchr(given, '/') && !exec_dirs_hold(&search->policy->exec_dirs, given))
		return false;
	*request = *outer;
	request->argc = outer->argc - inner;
	argv = arena_allocate(&search->decision->arena, request->argc + 1, sizeof(*argv));
	memcpy(argv, outer->argv + inner, request->argc * sizeof(*argv));
	argv[0] = path_base_name(given);
	request->argv = argv;
	return true;
}

/* A chain reads the file by a real cat(1), which follows the links of whoever can make them. */
static bool is_roots_alone(const struct search *search, const char *path)
{
	struct decision *decision = search->decision;
	struct guard_list guards;
	struct error error;

	return guard_find(&path, 1, &decision->bases, &guards, &decision->arena, &error) == 0 && guards.count == 0;
}

/* Why what a filter allows is not allowed as the inner command of a chain; NULL: it is. */
static const char *find_obstacle(const struct search *search, const struct candidate *inner)
{
	const struct context *context = inner->filter->context;
	const struct context *inherited = &search->policy->settings.context;

	if (inner->match.target)
		return "no chain sends signals"; /* the PID could be reused before the inner kill runs */
	if (inner->match.file && !is_roots_alone(search, inner->match.file))
		return "no chain reads a file if others than root can change the way to it, or if a link is on it";
	if (search->chain->context == inherited && !context_confines_alike(context, inherited))
		return "it has a context that confines it, and the chain, which has none, would start it without";
	return NULL;
}

static enum outcome try_inner(const struct search *search, const struct filter *filter, struct candidate *inner)
{
	enum outcome outcome = try_filter(search, filter, inner);
	const char *obstacle = outcome == OUTCOME_ALLOWED ? find_obstacle(search, inner) : NULL;

	if (!obstacle)
		return outcome == OUTCOME_ALLOWED ? find_program(search, inner) : outcome;
	if (inner->match.target)
		kill_target_close(inner->match.target);
	filter_mismatch(&inner->match, 0, obstacle);
	if (search->means->find_near_misses)
		near_miss_add(search->decision, filter, search->input.request, &inner->match, search->offset);
	return OUTCOME_NEXT;
}

/* The first filter of the chain's user that allows the inner command and whose program exists. */
static enum outcome search_inner(const struct search *outer, const struct candidate *chain,
				 const struct request *request, struct candidate *inner)
{
	struct search search = *outer;

	search.input.request = request;
	search.offset = chain->match.inner;
	search.chain = chain->filter;
	search.env_is_taken = false;
	for (size_t i = 0; i < search.policy->list.count; i++) {
		const struct filter *filter = search.policy->list.filters[i];
		enum outcome outcome;

		if (!takes_part(&search, filter))
			continue;
		outcome = try_inner(&search, filter, inner);
		if (outcome == OUTCOME_ALLOWED || outcome == OUTCOME_DENIED)
			return outcome;
		pass_by(&search, filter);
	}
	return OUTCOME_NEXT;
}

static enum outcome match_inner(const struct search *search, const struct candidate *outer, struct candidate *inner)
{
	struct filter_match mismatch = { 0 };
	struct request request;
	enum outcome outcome = OUTCOME_NEXT;

	if (outer->match.inner < search->input.request->argc &&
	    name_inner_command(search, outer->match.inner, &request))
		outcome = search_inner(search, outer, &request, inner);
	if (outcome != OUTCOME_NEXT || !search->means->find_near_misses)
		return outcome;
	filter_mismatch(&mismatch, outer->match.inner,
			"no other filter of the same user allows the command from here on");
	near_miss_add(search->decision, outer->filter, search->input.request, &mismatch, 0);
	return outcome;
}

/* The word of the request at which a command begins: behind the assignments of an EnvFilter. */
static size_t find_beginning(const struct request *request, size_t first, const struct filter_match *match)
{
	size_t behind = request->argc - first - 1;

	if (match->file || match->target || match->argument_count > behind)
		return first;
	return first + behind - match->argument_count;
}

/* Puts together what will run: program and arguments, and those of the inner command in their place. */
static void build_command(const struct request *request, struct decision *decision, const struct candidate *outer,
			  const struct candidate *inner)
{
	size_t own = inner ? outer->match.inner - 1 : outer->match.argument_count;
	size_t count = 1 + own + (inner ? 1 + inner->match.argument_count : 0);
	const char **argv = arena_allocate(&decision->arena, count + 1, sizeof(*argv));
	const struct filter_match *innermost = inner ? &inner->match : &outer->match;

	argv[0] = outer->program;
	memcpy(argv + 1, outer->match.arguments, own * sizeof(*argv));
	if (inner) {
		argv[1 + own] = inner->program;
		memcpy(argv + 2 + own, inner->match.arguments, inner->match.argument_count * sizeof(*argv));
	}
	decision->program = outer->program;
	decision->begins = find_beginning(request, 0, &outer->match);
	decision->inner_begins = inner ? find_beginning(request, outer->match.inner, &inner->match) : 0;
	decision->inner_program = inner ? inner->program : NULL;
	decision->argv = argv;
	decision->argc = count;
	decision->environment = innermost->environment;
	decision->environment_count = innermost->environment_count;
	decision->file = outer->match.file;
	decision->target = outer->match.target;
	decision->signal = outer->match.signal;
}

static void allow(const struct search *search, const struct candidate *outer, const struct candidate *inner)
{
	struct decision *decision = search->decision;

	decision->filter = outer->filter;
	decision->inner = inner ? inner->filter : NULL;
	decision->why = NULL;
	decision->reason = REASON_NONE;
	build_command(search->input.request, decision, outer, inner);
	decision->verdict = VERDICT_ALLOW;
}

/* A command that leaves the mounts behind, as nsenter does, would leave the guard behind. */
static bool chain_keeps_guard(const struct candidate *chain, const struct guard_list *guards, struct error *error)
{
	return chain->filter->class->keeps_mounts || guard_check_mounts(guards, chain->program, error) == 0;
}

/* The paths that the filter checked must be held where they are until the command has used them. */
static enum outcome find_guards(const struct search *search, const struct candidate *outer,
				const struct candidate *innermost)
{
	const struct filter_match *match = &innermost->match;
	struct decision *decision = search->decision;
	struct error error;

	if (match->path_count == 0 || !outer->filter->context->guard_paths || !innermost->filter->context->guard_paths)
		return OUTCOME_ALLOWED;
	if (guard_find(match->paths, match->path_count, &decision->bases, &decision->guards, &decision->arena,
		       &error) == 0 &&
	    guard_check(&decision->guards, innermost->program, &error) == 0 &&
	    (outer == innermost || chain_keeps_guard(outer, &decision->guards, &error)))
		return OUTCOME_ALLOWED;
	decision->guards.count = 0;
	return deny(decision, REASON_PATH_GUARD, innermost->filter, error.text);
}

static enum outcome decide_by(const struct search *search, const struct filter *filter)
{
	struct candidate outer = { 0 };
	struct candidate inner = { 0 };
	enum outcome outcome = try_filter(search, filter, &outer);

	if (outcome == OUTCOME_ALLOWED && filter->class->chaining)
		outcome = match_inner(search, &outer, &inner);
	if (outcome == OUTCOME_ALLOWED)
		outcome = find_program(search, &outer);
	if (outcome == OUTCOME_ALLOWED)
		outcome = find_guards(search, &outer, filter->class->chaining ? &inner : &outer);
	if (outcome == OUTCOME_ALLOWED)
		allow(search, &outer, filter->class->chaining ? &inner : NULL);
	else if (outer.match.target)
		kill_target_close(outer.match.target);
	if (outcome == OUTCOME_MISSING && search->decision->reason == REASON_NONE)
		deny(search->decision, REASON_NO_PROGRAM, filter, outer.why); /* the first is told if none follows */
	return outcome;
}

/* oslo.rootwrap would have run it by a filter that nobody wrote: the reason says so. */
static enum reason reason_without_match(const struct request *request)
{
	return strcmp(request->argv[0], "privsep-helper") == 0 ? REASON_IMPLICIT_PRIVSEP : REASON_NO_MATCH;
}

void match_decide(const struct policy *policy, const struct request *request, const struct match_means *means,
		  struct decision *decision)
{
	struct search search = {
		.policy = policy,
		.means = means,
		.decision = decision,
		.input = {
			.request = request,
			.exec_dirs = &policy->exec_dirs,
			.processes = means->processes,
			.arena = &decision->arena,
		},
	};

	if (request_bytes(request) > REQUEST_MAX_BYTES) {
		deny(decision, REASON_TOO_LONG, NULL, NULL);
		return;
	}
	guard_bases_find(&decision->bases, &policy->list, &decision->arena);
	for (size_t i = 0; i < policy->list.count; i++) {
		const struct filter *filter = policy->list.filters[i];
		enum outcome outcome = takes_part(&search, filter) ? decide_by(&search, filter) : OUTCOME_NEXT;

		if (outcome == OUTCOME_ALLOWED || outcome == OUTCOME_DENIED)
			return;
		pass_by(&search, filter);
	}
	if (decision->reason == REASON_NONE)
		deny(decision, reason_without_match(request), NULL, NULL);
}
