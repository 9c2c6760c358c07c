#ifndef PSW_POLICY_H
#define PSW_POLICY_H

#include "policy/exec_dirs.h"
#include "policy/filter.h"
#include "policy/filter_file.h"
#include "policy/problem.h"
#include "policy/settings.h"
#include "trust/trust.h"

/* What root configured.  Nothing changes it once it has been read. */
struct policy {
	struct arena arena;
	const char *conf;
	struct settings settings;
	struct exec_dirs exec_dirs;
	struct filter_list list;
	struct filter_file *files;      /* found in filters_path; `check` names those left out */
};

/* Before a conf is read: records and messages about it need the defaults. */
void policy_initialise(struct policy *policy);

/*
 * Reads the conf, an absolute path, and all filter files that it names.  Returns
 * -1 if there is a fatal problem; all others are found as well.  assume_programs:
 * the exec_dirs of this machine do not matter.
 */
int policy_load(struct policy *policy, const char *conf, const struct filter_registry *registry,
		struct trust *trust, bool assume_programs, struct problems *problems) MUST_CHECK;

void policy_free(struct policy *policy);

#endif
