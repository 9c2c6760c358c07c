#ifndef PSW_FILE_SINK_H
#define PSW_FILE_SINK_H

#include "base/error.h"
#include "trust/trust.h"

/*
 * The audit_file: one line a record, behind the time, the host and the program as
 * rsyslog's RSYSLOG_FileFormat has them.  Each line is one write(2) to a file opened
 * with O_APPEND, so that those of many processes never mix.
 */
struct file_sink {
	const char *path;
	int directory;
	int file;
};

/* For a sink that was never opened. */
#define FILE_SINK_CLOSED { .directory = -1, .file = -1 }

/*
 * Opens the file, or makes it with mode 0600, in a directory that only root can
 * change; it must be regular, the owner's and writable by nobody else.  path must
 * outlive the sink.  Returns -1 with the reason.
 */
int file_sink_open(struct file_sink *sink, const char *path, struct trust *trust, struct error *error) MUST_CHECK;

/* After a rotation: goes on in the file that has the name now.  The old one stays where that is impossible. */
void file_sink_follow_name(struct file_sink *sink, const struct trust *trust);

/* Appends one record.  Returns -1 with the reason, as for a full disk. */
int file_sink_write(struct file_sink *sink, const char *record, struct error *error) MUST_CHECK;

void file_sink_close(struct file_sink *sink);

#endif
