#ifndef PSW_CTL_REPORT_UNUSED_H
#define PSW_CTL_REPORT_UNUSED_H

#include "ctl/command.h"
#include "ctl/report.h"

/*
 * A policy and which of its filters allowed something.  Nothing else of a log is
 * kept: memory is in proportion to the policy, whatever filters others make up.
 */
struct report_unused {
	struct ctl_policy loaded;
	bool *used;                     /* by the index in the policy's list */
};

/* Returns -1 if the policy cannot be used; it has said why. */
int report_unused_load(struct report_unused *unused, const struct report_options *options) MUST_CHECK;

/* Takes a record; all but an allow is passed over. */
void report_unused_note(struct report_unused *unused, const struct entry *entry);

/* The filters that allowed nothing, in the order of the policy. */
void report_unused_append(struct strbuf *buffer, const struct report_unused *unused, enum report_format format);

void report_unused_free(struct report_unused *unused);

#endif
