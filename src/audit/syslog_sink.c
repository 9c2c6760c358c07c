#include "audit/syslog_sink.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/descriptor.h"
#include "base/strbuf.h"

/* The kernel does not always wake a sender: it looks again after as many milliseconds. */
enum { LOOK_AGAIN = 50 };

static const char socket_path[] = "/dev/log";

/* Half a message may be on its way: nothing goes on behind it. */
static int fail(struct syslog_sink *sink, struct error *error)
{
	error_set(error, "%s: %s", socket_path,
		  errno == EAGAIN ? "the syslog daemon does not take records" : strerror(errno));
	syslog_sink_close(sink);
	return -1;
}

/* Waits until the daemon takes more.  Returns -1 when the patience is at its end. */
static int wait_for_room(struct syslog_sink *sink)
{
	struct pollfd wanted = { .fd = sink->socket, .events = POLLOUT };
	long begin = clock_milliseconds();
	int result;

	if (sink->patience <= 0) {
		errno = EAGAIN;
		return -1;
	}
	/* A stream that is not connected yet is always writable. */
	result = poll(sink->is_stream ? NULL : &wanted, sink->is_stream ? 0 : 1,
		      sink->patience < LOOK_AGAIN ? (int)sink->patience : LOOK_AGAIN);
	sink->patience -= clock_milliseconds() - begin;
	return result < 0 && errno != EINTR ? -1 : 0;
}

static int connect_by(struct syslog_sink *sink, int type)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int result;

	syslog_sink_close(sink);
	sink->is_stream = type == SOCK_STREAM;
	sink->socket = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (sink->socket < 0)
		return -1;
	memcpy(address.sun_path, socket_path, sizeof(socket_path));
	do {
		result = connect(sink->socket, (const struct sockaddr *)&address, sizeof(address));
	} while (result < 0 && (errno == EINTR || (errno == EAGAIN && wait_for_room(sink) == 0)));
	return result;
}

int syslog_sink_open(struct syslog_sink *sink, struct error *error)
{
	int result = connect_by(sink, SOCK_DGRAM);

	if (result < 0 && errno == EPROTOTYPE)
		result = connect_by(sink, SOCK_STREAM);
	sink->absent = result < 0 && errno == ENOENT;
	if (result == 0)
		return 0;
	return fail(sink, error);
}

/* Sends all of it.  Returns -1 with errno; EAGAIN: the daemon does not take it. */
static int send_all(struct syslog_sink *sink, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t sent = send(sink->socket, bytes, length, MSG_NOSIGNAL);

		if (sent >= 0) {
			bytes += sent;
			length -= (size_t)sent;
		} else if (errno == EAGAIN || errno == ENOBUFS) {
			if (wait_for_room(sink) < 0)
				return -1;
		} else if (errno != EINTR) {
			return -1;
		}
	}
	return 0;
}

/* The daemon that was connected to has ended; another may be there. */
static bool has_gone(int reason)
{
	return reason == ECONNREFUSED || reason == ECONNRESET || reason == ENOTCONN || reason == EPIPE;
}

int syslog_sink_send(struct syslog_sink *sink, int facility, int severity, const char *record, size_t length,
		     struct error *error)
{
	CLEANUP(strbuf_free) struct strbuf message = { 0 };

	if (sink->socket < 0 && syslog_sink_open(sink, error) < 0)
		return -1;
	strbuf_append_format(&message, "<%d>privsep-wrap[%d]: ", facility | severity, (int)getpid());
	strbuf_append(&message, record, length);
	if (send_all(sink, message.text, message.length + sink->is_stream) == 0)
		return 0;
	if (!has_gone(errno))
		return fail(sink, error);
	if (syslog_sink_open(sink, error) < 0)
		return -1;
	return send_all(sink, message.text, message.length + sink->is_stream) == 0 ? 0 : fail(sink, error);
}

void syslog_sink_close(struct syslog_sink *sink)
{
	descriptor_close(&sink->socket);
	sink->socket = -1;
}
