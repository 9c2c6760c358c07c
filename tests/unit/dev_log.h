#ifndef PSW_DEV_LOG_H
#define PSW_DEV_LOG_H

/*
 * A /dev of the test's own in which at most a log stands, in a mount namespace
 * that ends with the test: for root alone.
 */
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "suite.h"

static inline void dev_log_make_empty(void)
{
	ck_assert_msg(unshare(CLONE_NEWNS) == 0, "unshare: %m");
	ck_assert_msg(mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) == 0, "mount /: %m");
	ck_assert_msg(mount("none", "/dev", "tmpfs", 0, "mode=0755") == 0, "mount /dev: %m");
}

/* Returns a socket of that type that is bound to /dev/log. */
static inline int dev_log_bind(int type)
{
	const struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/dev/log" };
	int log = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(log, 0);
	ck_assert_msg(bind(log, (const struct sockaddr *)&address, sizeof(address)) == 0, "bind: %m");
	if (type == SOCK_STREAM)
		ck_assert_int_eq(listen(log, 1), 0);
	return log;
}

/* A datagram that is there already; "" for none. */
static inline const char *dev_log_receive(int log)
{
	static char text[70000];
	ssize_t length = recv(log, text, sizeof(text) - 1, MSG_DONTWAIT);

	text[length > 0 ? length : 0] = '\0';
	return text;
}

/* A pair of datagram sockets in place of a daemon: no namespace is needed. */
static inline void dev_log_pair(int *ours, int *daemons)
{
	int ends[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), 0);
	*ours = ends[0];
	*daemons = ends[1];
}

#endif
