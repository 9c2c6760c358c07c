#include "audit/audit.h"

#include <string.h>
#include <syslog.h>

#include "policy/context.h"

void audit_begin(struct audit *audit, const struct request *request, const char *conf)
{
	*audit = (struct audit){ .syslog = SYSLOG_SINK_CLOSED, .file = FILE_SINK_CLOSED };
	audit->subject.request = request;
	audit->subject.arguments = request->argv;
	audit->subject.conf = conf;
	audit->subject.form = &record_form_text;
	record_make_id(audit->subject.id);
	settings_set_defaults(&audit->settings);
}

void audit_use(struct audit *audit, const struct settings *settings, struct trust *trust)
{
	struct error ignored; /* told once a record is wanted that cannot be sent */

	audit->settings = *settings;
	audit->trust = trust;
	audit->is_used = true;
	audit->subject.form = settings->audit_json ? &record_form_json : &record_form_text;
	if (settings->use_syslog && audit->syslog.socket < 0)
		(void)(syslog_sink_open(&audit->syslog, &ignored) == 0);
	if (settings->audit_file && audit->file.file < 0)
		(void)(file_sink_open(&audit->file, settings->audit_file, trust, &ignored) == 0);
}

static int send_to_syslog(struct audit *audit, int severity, const struct record *record)
{
	for (size_t i = 0; i < record->count; i++) {
		if (syslog_sink_send(&audit->syslog, audit->settings.syslog_facility, severity, record->parts[i],
				     strlen(record->parts[i]), &audit->why) < 0)
			return -1;
	}
	return 0;
}

static int send_to_file(struct audit *audit, const struct record *record)
{
	if (audit->file.file < 0 &&
	    file_sink_open(&audit->file, audit->settings.audit_file, audit->trust, &audit->why) < 0)
		return -1;
	for (size_t i = 0; i < record->count; i++) {
		if (file_sink_write(&audit->file, record->parts[i], &audit->why) < 0)
			return -1;
	}
	return 0;
}

/* A syslog that nobody configured and that is not there, as in a container, is not missed beside a file. */
static bool is_missed(const struct audit *audit)
{
	return audit->settings.use_syslog_is_written || !audit->syslog.absent || !audit->settings.audit_file;
}

/* What one sink has lost the other gets all the same. */
static int send_record(struct audit *audit, int severity, const struct record *record)
{
	bool in_syslog =
		!audit->settings.use_syslog || send_to_syslog(audit, severity, record) == 0 || !is_missed(audit);
	bool in_file = !audit->settings.audit_file || send_to_file(audit, record) == 0;

	audit->lost_by_syslog = !in_syslog;
	audit->lost_by_file = !in_file;
	return in_syslog && in_file ? 0 : -1;
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

	if (!audit->settings.log_allowed)
		return 0;
	audit->syslog.patience = SYSLOG_SINK_PATIENCE; /* the command may have run for days */
	file_sink_follow_name(&audit->file, audit->trust);
	return send_record(audit, LOG_INFO, &record);
}

int audit_failure(struct audit *audit, const struct record_error *failure)
{
	struct record record = record_failure(&audit->subject, failure, &audit->arena);

	return send_record(audit, LOG_ERR, &record);
}

bool audit_loss_is_news(const struct audit *audit)
{
	return audit->lost_by_file ||
	       (audit->lost_by_syslog && (audit->settings.use_syslog_is_written || !audit->syslog.absent));
}

void audit_end(struct audit *audit)
{
	syslog_sink_close(&audit->syslog);
	file_sink_close(&audit->file);
	arena_free(&audit->arena);
}
