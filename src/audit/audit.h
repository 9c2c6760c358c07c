#ifndef PSW_AUDIT_H
#define PSW_AUDIT_H

#include <stdbool.h>

#include "audit/record.h"
#include "audit/syslog_sink.h"
#include "policy/settings.h"

/* The audit trail of one request. */
struct audit {
	struct syslog_sink syslog;
	bool connected;
	struct record_subject subject;
	struct settings settings;       /* those of the conf, once it has been read */
	struct arena arena;
	bool lost;                      /* a record that was wanted could not be sent */
	struct error why;
};

/*
 * Begins the trail: request and conf must outlive it.  Until audit_use() the
 * default settings hold, so that a conf that cannot be used is recorded too.
 */
void audit_begin(struct audit *audit, const struct request *request, const char *conf);

/* The settings of the conf, and the connection: later, without privileges, it may be out of reach. */
void audit_use(struct audit *audit, const struct settings *settings);

/* Sends the record of a decision.  Returns -1 if it was wanted and could not be sent, with the reason in why. */
int audit_decision(struct audit *audit, const struct decision *decision, capability_set capabilities);

/* Sends the record of a supervised command's end; the same result. */
int audit_exit(struct audit *audit, const struct filter *filter, int status, bool timed_out, long milliseconds);

/* Sends an error record; the same result. */
int audit_failure(struct audit *audit, const struct record_error *failure);

/*
 * Whether a lost record is worth a word: not where the conf does not write
 * use_syslog and there is no syslog at all, because callers of oslo.rootwrap
 * expect nothing on standard error there.
 */
bool audit_loss_is_news(const struct audit *audit);

void audit_end(struct audit *audit);

#endif
