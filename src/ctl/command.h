#ifndef PSW_CTL_COMMAND_H
#define PSW_CTL_COMMAND_H

#include <stdbool.h>

#include "policy/policy.h"

/* What all subcommands of privsep-wrapctl share. */
enum {
	CTL_OK = 0,
	CTL_WARNINGS = 1,       /* of `check` */
	CTL_ERRORS = 2,         /* of `check`; and words of the command line that make no sense */
};

struct ctl_options {
	bool json;
	bool batch;
	bool assume_programs;   /* every program exists, and policy files may be the user's own */
};

/* A policy with what is needed to use it. */
struct ctl_policy {
	struct trust trust;
	struct problems problems;
	struct policy policy;
};

/* Loads a policy; a relative conf begins at the current directory.  Returns -1 if it cannot be used. */
int ctl_load(struct ctl_policy *loaded, const char *conf, const struct ctl_options *options) MUST_CHECK;

void ctl_free(struct ctl_policy *loaded);

/* `check CONF`: prints every problem.  Returns the exit status. */
int ctl_check(const char *conf, const struct ctl_options *options);

/* `explain CONF COMMAND...`: argc may be 0 with options->batch.  Returns the exit status. */
int ctl_explain(const char *conf, int argc, char **argv, const struct ctl_options *options);

/* One problem as "file:line: error: text", to a stream. */
void ctl_print_problem(const struct problem *problem, bool with_detail);

#endif
