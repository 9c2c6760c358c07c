#include <stdio.h>
#include <string.h>

#include "base/path.h"
#include "confine/identity.h"
#include "ctl/command.h"
#include "match/guard.h"
#include "match/program.h"
#include "policy/context.h"

/* The field in question, for the one who wrote it. */
static void set_detail(struct problem *problem, struct problems *problems, const struct filter *filter, size_t field)
{
	if (field >= 1 && field <= filter->field_count)
		problem->detail = arena_string(&problems->arena, filter->fields[field - 1]);
}

/* oslo.rootwrap takes such fields too, and whoever wrote them meant them. */
static void check_surplus(struct problems *problems, const struct filter *filter)
{
	size_t last = filter->class->max_fields;

	if (last == 0 || filter->field_count <= last)
		return;
	set_detail(problem_add(problems, SEVERITY_WARNING, filter->file, filter->line,
			       "%s: field %zu: fields from here on have no effect: a RegExpFilter asks for arguments",
			       filter->name, last + 1),
		   problems, filter, last + 1);
}

/* What the class itself looks at only when a request comes near. */
static void check_fields(struct problems *problems, const struct filter *filter)
{
	struct error error;
	size_t field = 0;

	if (!filter->class->check || filter->class->check(filter, &field, &error) == 0)
		return;
	set_detail(problem_add(problems, SEVERITY_ERROR, filter->file, filter->line,
			       "%s: field %zu: %s; requests for its program are denied here", filter->name, field,
			       error.text),
		   problems, filter, field);
}

static void check_advice(struct problems *problems, const struct filter *filter)
{
	struct error advice;
	size_t field = 0;

	if (!filter->class->advise || filter->class->advise(filter, &field, &advice) == 0)
		return;
	set_detail(problem_add(problems, SEVERITY_WARNING, filter->file, filter->line, "%s: field %zu: %s",
			       filter->name, field, advice.text),
		   problems, filter, field);
}

static void check_user(struct problems *problems, const struct filter *filter)
{
	struct identity identity;
	struct error error;

	if (identity_find(&identity, filter->run_as, &problems->arena, &error) < 0)
		problem_add(problems, SEVERITY_ERROR, filter->file, filter->line, "%s: %s: create the user",
			    filter->name, error.text)
			->detail = arena_string(&problems->arena, filter->run_as);
}

static void check_program(struct ctl_policy *loaded, const struct filter *filter)
{
	struct problems *problems = &loaded->problems;
	const char *path;
	const char *why;

	if (program_find(filter->program, &loaded->policy.exec_dirs, &loaded->trust, false, &problems->arena, &path,
			 &why) == PROGRAM_UNSAFE)
		problem_add(problems, SEVERITY_ERROR, filter->file, filter->line, "%s: its program is not trusted: %s",
			    filter->name, why);
}

/* A filter's directory of which others can change the way is what they say it is, and nothing more. */
static void check_directory(struct problems *problems, const struct filter *filter, size_t field)
{
	const struct guard_bases none = { 0 };
	struct guard_list guards;
	struct error error;
	const char *directory = filter->fields[field - 1];

	if (directory[0] != '/' || guard_find(&directory, 1, &none, &guards, &problems->arena, &error) < 0 ||
	    guards.count == 0 || strlen(guards.directories[0]) >= path_length_without_slashes(directory))
		return;
	set_detail(problem_add(problems, SEVERITY_WARNING, filter->file, filter->line,
			       "%s: field %zu: others can change a directory above it; commands are held inside that, "
			       "not inside this",
			       filter->name, field),
		   problems, filter, field);
}

static void check_guard(struct problems *problems, const struct filter *filter)
{
	if (!filter->class->checks_paths || !filter->context->guard_paths)
		return;
	if (guard_is_unsuitable(filter->program))
		problem_add(problems, SEVERITY_ERROR, filter->file, filter->line,
			    "%s: its program mounts or resolves links itself, which no path guard holds: put it in a "
			    "context with path_guard = off",
			    filter->name);
	for (size_t field = 3; field <= filter->field_count; field++)
		check_directory(problems, filter, field);
}

/* A ReadFileFilter has no field for it, and the whole of what it does is in its path. */
static bool can_have_other_user(const struct filter_class *class)
{
	return class->min_fields > 1;
}

static void check_context(struct problems *problems, const struct filter *filter)
{
	const struct context *context = filter->context;

	if (context->rule == CAPABILITIES_EXACT && context->capabilities != capability_all() &&
	    identity_is_root(filter->run_as) && can_have_other_user(filter->class))
		problem_add(problems, SEVERITY_WARNING, filter->file, filter->line,
			    "%s: root with few capabilities still owns root's files: another run-as user gets them as "
			    "ambient capabilities and nothing else",
			    filter->name);
}

static void check_filters(struct ctl_policy *loaded, const struct ctl_options *options)
{
	for (size_t i = 0; i < loaded->policy.list.count; i++) {
		const struct filter *filter = loaded->policy.list.filters[i];

		if (filter->unusable)
			continue; /* reported when it was read */
		check_surplus(&loaded->problems, filter);
		check_fields(&loaded->problems, filter);
		check_advice(&loaded->problems, filter);
		check_context(&loaded->problems, filter);
		check_guard(&loaded->problems, filter);
		if (options->assume_programs)
			continue;
		check_user(&loaded->problems, filter);
		check_program(loaded, filter);
	}
}

static void check_exec_dirs(struct ctl_policy *loaded, const char *conf)
{
	if (exec_dirs_are_usable(&loaded->policy.exec_dirs))
		return;
	problem_add(&loaded->problems, SEVERITY_ERROR, conf, 0,
		    "exec_dirs: none of its directories is there and only root's to change: "
		    "no program is found by its name");
}

/* Records would be lost there, or nothing would run with audit_required. */
static void check_audit_file(struct ctl_policy *loaded, const char *conf)
{
	const char *path = loaded->policy.settings.audit_file;
	struct trust_problem problem;
	enum trust_result result;
	struct stat status;
	struct error error;
	const char *directory;

	if (!path)
		return;
	directory = arena_copy(&loaded->problems.arena, path, (size_t)(path_base_name(path) - path));
	result = trust_judge_directory(&loaded->trust, directory, &problem);
	if (result == TRUST_OK && trust_judge_file(&loaded->trust, path, &status, &problem) != TRUST_REFUSED)
		return; /* that it does not exist yet, or that we may not look, is no problem */
	if (result == TRUST_ERROR)
		return;
	trust_describe(&problem, &error);
	problem_add(&loaded->problems, SEVERITY_ERROR, conf, 0, "audit_file: %s", error.text);
}

int ctl_check(const char *conf, const struct ctl_options *options)
{
	struct ctl_policy loaded;
	int status = CTL_OK;

	if (ctl_load(&loaded, conf, options) < 0)
		status = CTL_ERRORS;
	check_filters(&loaded, options);
	if (!options->assume_programs) {
		check_exec_dirs(&loaded, conf);
		check_audit_file(&loaded, conf);
	}
	for (const struct problem *problem = loaded.problems.first; problem; problem = problem->next) {
		ctl_print_problem(problem, true);
		if (problem->severity != SEVERITY_WARNING)
			status = CTL_ERRORS;
		else if (status == CTL_OK)
			status = CTL_WARNINGS;
	}
	ctl_free(&loaded);
	return status;
}
