#include "audit/file_sink.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/path.h"
#include "base/strbuf.h"

static int fail(const struct file_sink *sink, const char *what, struct error *error)
{
	return error_set(error, "%s: %s", sink->path, what);
}

static bool is_fit(const struct stat *status, uid_t owner)
{
	return S_ISREG(status->st_mode) && status->st_uid == owner && (status->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* Not blocking: a FIFO of that name is refused, not waited for. */
static int open_name(const struct file_sink *sink, uid_t owner, struct error *error)
{
	int file = openat(sink->directory, path_base_name(sink->path),
			  O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
	struct stat status;

	if (file < 0 || fstat(file, &status) < 0) {
		fail(sink, strerror(errno), error);
	} else if (!is_fit(&status, owner)) {
		fail(sink, "it must be a regular file that root owns and that nobody else can write (chmod 0600)",
		     error);
	} else {
		return file;
	}
	descriptor_close(&file);
	return -1;
}

int file_sink_open(struct file_sink *sink, const char *path, struct trust *trust, struct error *error)
{
	CLEANUP(strbuf_free) struct strbuf directory = { 0 };
	struct trust_problem problem;

	*sink = (struct file_sink){ .path = path, .directory = -1, .file = -1 };
	strbuf_append(&directory, path, (size_t)(path_base_name(path) - path));
	if (trust_open_directory(trust, strbuf_text(&directory), &sink->directory, &problem) != TRUST_OK) {
		trust_describe(&problem, error);
		return -1;
	}
	sink->file = open_name(sink, trust->owner, error);
	if (sink->file >= 0)
		return 0;
	file_sink_close(sink);
	return -1;
}

void file_sink_follow_name(struct file_sink *sink, const struct trust *trust)
{
	struct stat named;
	struct stat open;
	struct error ignored;
	int file;

	if (sink->file < 0 || fstat(sink->file, &open) < 0)
		return;
	if (fstatat(sink->directory, path_base_name(sink->path), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
	    named.st_dev == open.st_dev && named.st_ino == open.st_ino)
		return;
	file = open_name(sink, trust->owner, &ignored);
	if (file < 0)
		return;
	descriptor_close(&sink->file);
	sink->file = file;
}

/* A full disk can have cut the last line, whoever wrote it: the next one must not go on in it. */
static bool last_line_is_cut(int file)
{
	struct stat status;
	char last;

	return fstat(file, &status) == 0 && status.st_size > 0 && pread(file, &last, 1, status.st_size - 1) == 1 &&
	       last != '\n';
}

/* As one word that every reader of logs takes for a host's name; the kernel's default is "(none)". */
static void append_host(struct strbuf *line)
{
	static const char usual[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
	struct utsname names = { 0 };

	(void)(uname(&names) == 0);
	if (names.nodename[0] == '\0')
		strbuf_append_char(line, '-');
	for (const char *at = names.nodename; *at; at++)
		strbuf_append(line, strchr(usual, *at) ? at : "_", 1);
}

static void append_time_and_host(struct strbuf *line)
{
	struct timespec now;
	struct tm time;
	char text[32];

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &time);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &time);
	strbuf_append_format(line, "%s.%06ldZ ", text, now.tv_nsec / 1000);
	append_host(line);
}

int file_sink_write(struct file_sink *sink, const char *record, struct error *error)
{
	CLEANUP(strbuf_free) struct strbuf line = { 0 };
	ssize_t written;

	if (last_line_is_cut(sink->file))
		strbuf_append_char(&line, '\n');
	append_time_and_host(&line);
	strbuf_append_format(&line, " privsep-wrap[%d]: %s\n", (int)getpid(), record);
	do {
		written = write(sink->file, line.text, line.length);
	} while (written < 0 && errno == EINTR);
	if (written < 0)
		return fail(sink, strerror(errno), error);
	return (size_t)written == line.length ? 0 : fail(sink, strerror(ENOSPC), error);
}

void file_sink_close(struct file_sink *sink)
{
	descriptor_close(&sink->file);
	descriptor_close(&sink->directory);
	*sink = (struct file_sink)FILE_SINK_CLOSED;
}
