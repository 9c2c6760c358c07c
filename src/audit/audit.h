#ifndef PSW_AUDIT_H
#define PSW_AUDIT_H

#include <stdbool.h>

#include "audit/file_sink.h"
#include "audit/record.h"
#include "audit/syslog_sink.h"
#include "policy/settings.h"

/* The audit trail of one request. */
struct audit {
	struct syslog_sink syslog;
	struct file_sink file;
	struct record_subject subject;
	struct settings settings;       /* those of the conf, once it has been read */
	struct trust *trust;
	bool is_used;
	struct arena arena;
	bool lost_by_syslog;            /* the last record that was wanted there */
	bool lost_by_file;
	struct error why;
};

/*
 * Begins the trail: request and conf must outlive it.  Until audit_use() the
 * default settings hold, so that a conf that cannot be used is recorded too.
 */
void audit_begin(struct audit *audit, const struct request *request, const char *conf);

/*
 * The settings of the conf, and the sinks: later, without privileges, they may be
 * out of reach.  trust must outlive the trail.
 */
void audit_use(struct audit *audit, const struct settings *settings, struct trust *trust);

/* Sends the record of a decision.  Returns -1 if a sink that the conf names did not take it, with the reason in why. */
int audit_decision(struct audit *audit, const struct decision *decision, capability_set capabilities);

/* Sends the record of a supervised command's end; the same result. */
int audit_exit(struct audit *audit, const struct filter *filter, int status, bool timed_out, long milliseconds);

/* Sends an error record; the same result. */
int audit_failure(struct audit *audit, const struct record_error *failure);

/*
 * Whether a lost record is worth a word: not where syslog alone has lost it, the conf
 * does not write use_syslog and there is no syslog at all, because callers of oslo.rootwrap
 * expect nothing on standard error there.
 */
bool audit_loss_is_news(const struct audit *audit);

void audit_end(struct audit *audit);

#endif
