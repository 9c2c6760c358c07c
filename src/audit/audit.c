#include "audit/audit.h"

#include <string.h>
#include <syslog.h>

#include "policy/context.h"

void audit_begin(struct audit *audit, const struct request *request, const char *conf)
{
	*audit = (struct audit){ .syslog = SYSLOG_SINK_CLOSED };
	audit->subject.request = request;
	audit->subject.arguments = request->argv;
	audit->subject.conf = conf;
	record_make_id(audit->subject.id);
	settings_set_defaults(&audit->settings);
}

void audit_use(struct audit *audit, const struct settings *settings)
{
	audit->settings = *settings;
	if (settings->use_syslog && audit->syslog.socket < 0)
		audit->connected = syslog_sink_open(&audit->syslog, &audit->why) == 0;
}

static int send_record(struct audit *audit, int severity, const struct record *record)
{
	if (!audit->settings.use_syslog)
		return 0;
	if (!audit->connected) {
		audit->lost = true;
		return -1;
	}
	for (size_t i = 0; i < record->count; i++) {
		if (syslog_sink_send(&audit->syslog, audit->settings.syslog_facility, severity, record->parts[i],
				     strlen(record->parts[i]), &audit->why) < 0) {
			audit->lost = true;
			return -1;
		}
	}
	return 0;
}

int audit_decision(struct audit *audit, const struct decision *decision, capability_set capabilities)
{
	bool allowed = decision->verdict == VERDICT_ALLOW;
	struct record record;

	if (allowed && !(audit->settings.log_allowed && decision->filter->context->log_allowed))
		return 0;
	record = record_decision(&audit->subject, decision, capabilities, &audit->arena);
	return send_record(audit, allowed ? LOG_INFO : LOG_NOTICE, &record);
}

int audit_exit(struct audit *audit, const struct filter *filter, int status, bool timed_out, long milliseconds)
{
	struct record record = record_exit(&audit->subject, filter, status, timed_out, milliseconds, &audit->arena);

	return audit->settings.log_allowed ? send_record(audit, LOG_INFO, &record) : 0;
}

int audit_failure(struct audit *audit, const struct record_error *failure)
{
	struct record record = record_failure(&audit->subject, failure, &audit->arena);

	return send_record(audit, LOG_ERR, &record);
}

bool audit_loss_is_news(const struct audit *audit)
{
	return audit->lost && (audit->settings.use_syslog_is_written || !audit->syslog.absent);
}

void audit_end(struct audit *audit)
{
	syslog_sink_close(&audit->syslog);
	arena_free(&audit->arena);
}
