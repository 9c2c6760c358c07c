#ifndef PSW_CTL_REPORT_UNUSED_H
#define PSW_CTL_REPORT_UNUSED_H

#include "ctl/command.h"
#include "ctl/report.h"

/* A policy beside the permissions that were recorded. */
struct report_unused {
	struct ctl_policy loaded;
	struct totals_table seen;       /* key: src, filter */
};

/* Returns -1 if the policy cannot be used; it has said why. */
int report_unused_load(struct report_unused *unused, const struct report_options *options) MUST_CHECK;

void report_unused_note(struct report_unused *unused, const struct entry *entry);

/* The filters that allowed nothing, in the order of the policy. */
void report_unused_append(struct strbuf *buffer, const struct report_unused *unused, enum report_format format);

void report_unused_free(struct report_unused *unused);

#endif
