/*
 * privsep-wrap: runs one command as another user if root's filters allow it.
 * Started by sudo; every step below is described where it is declared.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/audit.h"
#include "base/exit_status.h"
#include "base/path.h"
#include "base/quote.h"
#include "confine/credentials.h"
#include "confine/path_guard.h"
#include "execute/environment.h"
#include "execute/execute.h"
#include "execute/read_file.h"
#include "execute/supervise.h"
#include "filters/registry.h"
#include "match/denial.h"
#include "match/mask.h"
#include "match/match.h"
#include "process/process.h"

/* What one run knows; freed by nothing, because the process becomes the command or ends. */
struct run {
	const char *name;               /* in messages */
	struct arena arena;
	struct request request;
	struct trust trust;
	struct problems problems;
	struct policy policy;
	struct audit audit;
	struct decision decision;
	struct identity identity;
	struct credentials credentials;
	const char *const *environment;
	struct supervision supervision;
	bool supervised;
	struct error error;
};

static const char usage[] =
	"usage: privsep-wrap CONF COMMAND [ARGUMENT...]\n"
	"Runs COMMAND if a filter of CONF, an absolute path that only root can change, allows it.\n"
	"It is started by root, usually through sudo; see privsep-wrap(8) and privsep-wrapctl(8).\n";

/*
 * Errors of writing are nobody's business: the record is already on its way.
 * What the caller chose is quoted where it is put in; no control byte of anything
 * else reaches a terminal either.
 */
static void say(const struct run *run, const char *text)
{
	CLEANUP(strbuf_free) struct strbuf line = { 0 };
	ssize_t ignored;

	strbuf_append_format(&line, "%s: ", run->name);
	quote_append_visible(&line, text);
	strbuf_append_char(&line, '\n');
	ignored = write(STDERR_FILENO, line.text, line.length);
	(void)ignored;
}

static void say_what_was_lost(const struct run *run)
{
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	if (!audit_loss_is_news(&run->audit))
		return;
	strbuf_append_format(&text, "An audit record was lost: %s", run->audit.why.text);
	say(run, text.text);
}

/* Only what a program is called may follow the caller's argv[0] into messages. */
static const char *program_name(int argc, char **argv)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	const char *name = argc > 0 ? path_base_name(argv[0]) : "";

	return *name && strlen(name) <= 64 && name[strspn(name, safe)] == '\0' ? name : "privsep-wrap";
}

/* Records a failure, says it and ends with the status. */
static NORETURN void fail(struct run *run, int status, const struct record_error *failure, const char *text)
{
	if (!run->audit.is_used)
		audit_use(&run->audit, &run->audit.settings, &run->trust);
	(void)(audit_failure(&run->audit, failure) == 0);
	say(run, text);
	say_what_was_lost(run);
	if (run->supervised)
		supervise_child_failed(&run->supervision);
	_exit(status);
}

static NORETURN void fail_unconfined(struct run *run)
{
	const struct record_error failure = { .reason = "not-confined", .detail = run->error.text };

	fail(run, EXIT_NOT_CONFINED, &failure, run->error.text);
}

static void read_request(struct run *run, int argc, char **argv, const char *const *environment)
{
	if (argc < 3) {
		say(run, "No command specified");
		if (argc == 2 && strcmp(argv[1], "--help") == 0)
			(void)(write(STDERR_FILENO, usage, sizeof(usage) - 1) < 0);
		_exit(EXIT_NO_COMMAND);
	}
	run->request = (struct request){
		.argc = (size_t)argc - 2,
		.argv = (const char *const *)argv + 2,
		.environment = environment,
		.cwd = request_cwd(&run->arena),
	};
	caller_identify(&run->request.caller, environment, &run->arena);
	audit_begin(&run->audit, &run->request, argv[1]);
}

/* Set-user-ID it would trust an environment and descriptors that nobody has looked at. */
static void require_root(struct run *run)
{
	if (getuid() == 0 && geteuid() == 0)
		return;
	error_set(&run->error, "It must be started by root, usually through sudo; it is not set-user-ID");
	fail_unconfined(run);
}

static NORETURN void refuse_policy(struct run *run)
{
	const struct problem *problem = problem_fatal(&run->problems);
	const struct record_error failure = {
		.reason = problem->trust && problem->trust->judged ? "unsafe-path" : "bad-config",
		.path = problem->trust ? problem->trust->path : problem->file,
		.line = problem->line,
		.trust = problem->trust,
		.detail = problem->trust ? NULL : problem->text,
	};
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	strbuf_append_string(&text, "Incorrect configuration file: ");
	quote_append_word(&text, problem->file);
	if (problem->line > 0)
		strbuf_append_format(&text, ":%u", problem->line);
	strbuf_append_format(&text, ": %s", problem->text);
	fail(run, EXIT_BAD_CONFIG, &failure, text.text);
}

static void read_policy(struct run *run, const char *conf)
{
	bool is_loaded = false;

	policy_initialise(&run->policy);
	if (conf[0] == '/')
		is_loaded = policy_load(&run->policy, conf, &filter_registry, &run->trust, false, &run->problems) == 0;
	else
		problem_add(&run->problems, SEVERITY_FATAL, conf, 0, "it must be an absolute path");
	/* What is wrong elsewhere is recorded where the conf says; a conf that is wrong itself, by the defaults. */
	if (is_loaded || strcmp(problem_fatal(&run->problems)->file, conf) != 0)
		audit_use(&run->audit, &run->policy.settings, &run->trust);
	if (!is_loaded)
		refuse_policy(run);
}

static void decide(struct run *run)
{
	const struct match_means means = { .trust = &run->trust, .processes = &process_source_proc };

	match_decide(&run->policy, &run->request, &means, &run->decision);
	run->audit.subject.arguments = mask_arguments(&run->policy, &run->request, &run->decision, &run->arena);
}

static NORETURN void refuse_request(struct run *run)
{
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	(void)(audit_decision(&run->audit, &run->decision, 0) == 0);
	denial_append_message(&text, &run->request, &run->decision);
	say(run, text.text);
	say_what_was_lost(run);
	_exit(reason_exit_status(run->decision.reason));
}

static void find_user(struct run *run)
{
	const struct filter *filter = run->decision.filter;
	const struct record_error failure = {
		.reason = "unknown-user", .path = filter->file, .line = filter->line, .detail = filter->run_as,
	};
	const char *const programs[] = { run->decision.program, run->decision.inner_program };
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	if (identity_find(&run->identity, filter->run_as, &run->arena, &run->error) < 0) {
		strbuf_append_format(&text, "Incorrect value in %s:%u: %s", filter->file, filter->line,
				     run->error.text);
		fail(run, EXIT_BAD_CONFIG, &failure, text.text);
	}
	run->credentials = credentials_choose(&run->identity, filter->context, programs, ARRAY_LENGTH(programs));
	run->environment =
		command_environment(&run->policy, &run->request, &run->decision, &run->identity, &run->arena);
}

static void record(struct run *run)
{
	const struct record_error failure = { .reason = "not-recorded", .detail = run->error.text };
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	if (audit_decision(&run->audit, &run->decision, credentials_granted(&run->credentials)) == 0)
		return;
	if (!run->policy.settings.audit_required) {
		say_what_was_lost(run);
		return;
	}
	run->error = run->audit.why;
	strbuf_append_format(&text, "The command was not run, because it could not be recorded: %s", run->error.text);
	/* Where one sink took the permission it must not stand there as if the command had run. */
	(void)(audit_failure(&run->audit, &failure) == 0);
	say(run, text.text);
	_exit(EXIT_BAD_CONFIG);
}

static NORETURN void fail_kill(struct run *run)
{
	const struct record_error failure = { .reason = "kill-failed", .detail = run->error.text };

	fail(run, EXIT_FAILURE, &failure, run->error.text);
}

/* The last look at a process to be signalled, while this one may still look at any. */
static void check_target(struct run *run)
{
	const struct kill_target *target = run->decision.target;

	if (!target || kill_target_is_unchanged(target))
		return;
	error_set(&run->error, "kill: (%d): the process has ended or runs another program now", (int)target->pid);
	fail_kill(run);
}

/*
 * With a time limit or a record of the end wanted, the wrapper stays as parent:
 * it comes back here only in the child, which goes on to become the command.
 */
static void stay_as_parent(struct run *run)
{
	const struct context *context = run->decision.filter->context;
	struct supervision_end end;
	int side;

	run->supervised = (context->timeout > 0 || context->log_exit) && !run->decision.target;
	if (!run->supervised)
		return;
	side = supervise_fork(&run->supervision, context->timeout, &run->error);
	if (side == 0)
		return;
	if (side < 0 || supervise_wait(&run->supervision, &end, &run->error) < 0)
		fail_unconfined(run);
	if (end.was_started && (context->log_exit || end.timed_out) &&
	    audit_exit(&run->audit, run->decision.filter, end.status, end.timed_out, end.milliseconds) < 0)
		say_what_was_lost(run);
	supervise_end_as(&end);
}

static void confine(struct run *run)
{
	if (process_limit_files(run->policy.settings.rlimit_nofile, &run->error) < 0 ||
	    path_guard_enter(&run->decision.guards, &run->error) < 0 ||
	    credentials_apply(&run->credentials, &run->error) < 0 ||
	    credentials_verify(&run->credentials, &run->error) < 0 ||
	    (run->supervised && supervise_child(&run->supervision, &run->error) < 0))
		fail_unconfined(run);
}

static NORETURN void execute(struct run *run)
{
	const struct record_error failure = {
		.reason = "exec-failed", .path = run->decision.program, .detail = run->error.text,
	};
	int status;

	if (run->decision.target) {
		if (execute_kill(&run->decision, &run->error) != 0)
			fail_kill(run);
		_exit(EXIT_SUCCESS);
	}
	if (run->decision.file) {
		process_prepare_exec(); /* a closed pipe ends it as it ends cat */
		status = read_file_to_output(run->decision.file, &run->decision.bases, &run->error);
		if (status != 0)
			say(run, run->error.text);
		_exit(status);
	}
	execute_command(&run->decision, run->environment, &run->error);
	status = execute_failure_status(errno);
	fail(run, status, &failure, run->error.text);
}

int main(int argc, char **argv)
{
	static struct run run;
	const char *const *environment;
	int safe = process_make_safe(&environment, &run.error);

	run.name = program_name(argc, argv);
	read_request(&run, argc, argv, environment);
	require_root(&run);
	if (safe < 0)
		fail_unconfined(&run);
	read_policy(&run, argv[1]);
	decide(&run);
	if (run.decision.verdict != VERDICT_ALLOW)
		refuse_request(&run);
	find_user(&run);
	record(&run);
	check_target(&run);
	stay_as_parent(&run);
	confine(&run);
	execute(&run);
}
