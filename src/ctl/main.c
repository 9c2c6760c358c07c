/*
 * privsep-wrapctl: looks at a policy, asks what it would decide, and reads what
 * it has decided.  Runs nothing and needs no privilege.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/quote.h"
#include "base/version.h"
#include "ctl/command.h"
#include "ctl/report.h"

static const char usage[] =
	"usage: privsep-wrapctl check [--assume-programs] CONF\n"
	"       privsep-wrapctl explain [--json] [--assume-programs] CONF COMMAND [ARGUMENT...]\n"
	"       privsep-wrapctl explain --batch [--assume-programs] CONF < COMMANDS\n"
	"       privsep-wrapctl report [--since T] [--until T] [--denied] [--by filter|user|unit|command]\n"
	"                       [--reassemble] [--unused CONF] [--json|--csv] [FILE...|-]\n"
	"       privsep-wrapctl --help | --version\n"
	"\n"
	"check    prints every problem of a policy as file:line: error|warning: text;\n"
	"         exit status 0: none, 1: warnings, 2: errors\n"
	"explain  says what the wrapper would do with a command, and why, without running it;\n"
	"         exit status 0: allowed, else that of the wrapper\n"
	"report   reads the audit trail from log files or standard input and counts what it holds;\n"
	"         exit status 0; 1: some of it is damaged or missing; 2: it could not be read\n"
	"\n"
	"--assume-programs  takes every program to exist and accepts policy files of one's own,\n"
	"                   for a machine on which the policy is only built\n"
	"--json             one JSON object instead of text\n"
	"--batch            one command a line from standard input, words quoted with '...' or $'...',\n"
	"                   one JSON object a line\n"
	"--since, --until   records from a time on, and before one: 2026-11-26, '2026-11-26 05:34',\n"
	"                   yesterday, 2h (ago), and more in privsep-wrapctl(8)\n"
	"--denied           denials and errors alone\n"
	"--by               what to count by\n"
	"--reassemble       print each record whole, one a line\n"
	"--unused           list the filters that allowed nothing\n"
	"--csv              comma-separated values\n";

static int fail_usage(const char *problem)
{
	fprintf(stderr, "privsep-wrapctl: %s; see privsep-wrapctl --help\n", problem);
	return CTL_ERRORS;
}

static int refuse_option(const char *option, struct error *error)
{
	CLEANUP(strbuf_free) struct strbuf quoted = { 0 };

	quote_append_word(&quoted, option);
	return error_set(error, "unknown option %s", quoted.text);
}

/* Takes the options that follow the subcommand.  Returns how many words they are, or -1 with the unknown one. */
static int read_options(int argc, char **argv, bool explain, struct ctl_options *options, struct error *error)
{
	int count = 0;

	for (; count < argc && strncmp(argv[count], "--", 2) == 0; count++) {
		if (strcmp(argv[count], "--") == 0)
			return count + 1;
		if (strcmp(argv[count], "--assume-programs") == 0)
			options->assume_programs = true;
		else if (explain && strcmp(argv[count], "--json") == 0)
			options->json = true;
		else if (explain && strcmp(argv[count], "--batch") == 0)
			options->batch = true;
		else
			return refuse_option(argv[count], error);
	}
	return count;
}

static int run(int argc, char **argv, bool explain)
{
	struct ctl_options options = { 0 };
	struct error error;
	int words = read_options(argc, argv, explain, &options, &error);

	if (words < 0)
		return fail_usage(error.text);
	argc -= words;
	argv += words;
	if (argc < 1)
		return fail_usage("CONF is missing");
	if (!explain)
		return argc == 1 ? ctl_check(argv[0], &options) : fail_usage("check takes one CONF");
	if (options.batch != (argc == 1))
		return fail_usage(options.batch ? "--batch takes its commands from standard input" :
						  "COMMAND is missing");
	return ctl_explain(argv[0], argc - 1, argv + 1, &options);
}

static int run_report(int argc, char **argv)
{
	struct report_options options;
	struct error error;
	struct timespec time;
	int64_t now;

	clock_gettime(CLOCK_REALTIME, &time);
	now = (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
	if (report_read_options(argc, argv, now, &options, &error) < 0)
		return fail_usage(error.text);
	return ctl_report(&options);
}

/* Of more than the buffer holds, a write may have failed long before: why is not known any more. */
static int flush_output(void)
{
	if (fflush(stdout) != 0)
		perror("privsep-wrapctl: standard output");
	else if (ferror(stdout))
		fputs("privsep-wrapctl: standard output: not all of it could be written\n", stderr);
	else
		return 0;
	return -1;
}

int main(int argc, char **argv)
{
	const char *subcommand = argc > 1 ? argv[1] : "";
	int status;

	if (strcmp(subcommand, "--help") == 0) {
		fputs(usage, stdout);
		status = CTL_OK;
	} else if (strcmp(subcommand, "--version") == 0) {
		puts("privsep-wrapctl " PSW_VERSION);
		status = CTL_OK;
	} else if (strcmp(subcommand, "check") == 0) {
		status = run(argc - 2, argv + 2, false);
	} else if (strcmp(subcommand, "explain") == 0) {
		status = run(argc - 2, argv + 2, true);
	} else if (strcmp(subcommand, "report") == 0) {
		status = run_report(argc - 2, argv + 2);
	} else {
		return fail_usage("a subcommand is missing: check, explain or report");
	}
	return flush_output() == 0 ? status : CTL_ERRORS;
}
