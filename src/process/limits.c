#include "process/limits.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>

enum {
	STACK_SIZE = 8 << 20,
	OWN_FILES = 256,        /* what the wrapper itself may need; the command's limit is set later */
};

/*
 * enough: what will do where the kernel does not let us raise the limit to that
 * of PID 1 (no CAP_SYS_RESOURCE).  An init raises its own memlock far above what
 * it gives to others, and root's commands are not bound by it at all.
 */
static const struct raised {
	__rlimit_resource_t resource;
	const char *name;
	rlim_t enough;
} raised[] = {
	{ RLIMIT_FSIZE, "fsize", RLIM_INFINITY },
	{ RLIMIT_CPU, "cpu", RLIM_INFINITY },
	{ RLIMIT_AS, "as", RLIM_INFINITY },
	{ RLIMIT_DATA, "data", RLIM_INFINITY },
	{ RLIMIT_NPROC, "nproc", RLIM_INFINITY },
	{ RLIMIT_MEMLOCK, "memlock", 64 << 10 },
	{ RLIMIT_LOCKS, "locks", RLIM_INFINITY },
	{ RLIMIT_SIGPENDING, "sigpending", RLIM_INFINITY },
	{ RLIMIT_MSGQUEUE, "msgqueue", RLIM_INFINITY },
	{ RLIMIT_RTTIME, "rttime", RLIM_INFINITY },
};

static int fail(struct error *error, const char *name)
{
	return error_set(error, "the caller's limit %s is too low and cannot be raised: %s", name, strerror(errno));
}

static bool is_unlimited(const struct rlimit *limit)
{
	return limit->rlim_cur == RLIM_INFINITY && limit->rlim_max == RLIM_INFINITY;
}

static rlim_t higher(rlim_t a, rlim_t b)
{
	return a > b ? a : b;
}

/* As far as the hard limit goes nobody's leave is needed. */
static int raise_soft(const struct raised *limit, struct rlimit *ours, struct error *error)
{
	ours->rlim_cur = ours->rlim_max;
	if (ours->rlim_max < limit->enough || setrlimit(limit->resource, ours) < 0) {
		errno = EPERM;
		return fail(error, limit->name);
	}
	return 0;
}

/* Raises one limit to that of PID 1 where it is lower. */
static int raise_limit(const struct raised *limit, struct error *error)
{
	struct rlimit ours;
	struct rlimit first;
	struct rlimit wanted;

	if (getrlimit(limit->resource, &ours) < 0)
		return fail(error, limit->name);
	if (is_unlimited(&ours))
		return 0;
	if (prlimit(1, limit->resource, NULL, &first) < 0)
		return fail(error, limit->name);
	wanted.rlim_cur = higher(ours.rlim_cur, first.rlim_cur);
	wanted.rlim_max = higher(ours.rlim_max, first.rlim_max);
	if (wanted.rlim_cur == ours.rlim_cur && wanted.rlim_max == ours.rlim_max)
		return 0;
	if (setrlimit(limit->resource, &wanted) == 0)
		return 0;
	return errno == EPERM ? raise_soft(limit, &ours, error) : fail(error, limit->name);
}

/* Sets a soft limit and raises the hard one if it is lower. */
static int set_soft(__rlimit_resource_t resource, rlim_t soft, const char *name, struct error *error)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) < 0)
		return fail(error, name);
	if (limit.rlim_cur == soft)
		return 0;
	limit.rlim_cur = soft;
	limit.rlim_max = higher(limit.rlim_max, soft);
	return setrlimit(resource, &limit) == 0 ? 0 : fail(error, name);
}

int limits_reset(struct error *error)
{
	const struct rlimit no_core = { 0 };

	if (setrlimit(RLIMIT_CORE, &no_core) < 0)
		return error_set(error, "core files cannot be switched off: %s", strerror(errno));
	if (set_soft(RLIMIT_STACK, STACK_SIZE, "stack", error) < 0 ||
	    set_soft(RLIMIT_NOFILE, OWN_FILES, "nofile", error) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_LENGTH(raised); i++) {
		if (raise_limit(&raised[i], error) < 0)
			return -1;
	}
	return 0;
}

int limits_set_files(unsigned long count, struct error *error)
{
	return set_soft(RLIMIT_NOFILE, count, "nofile", error);
}
