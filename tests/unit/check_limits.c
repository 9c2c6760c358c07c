#include "process/limits.h"

#include <sys/capability.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "suite.h"

/* Whether hard limits can be raised; containers take that from root. */
static bool may_raise(void)
{
	cap_t caps = cap_get_proc();
	cap_flag_value_t value = CAP_CLEAR;

	cap_get_flag(caps, CAP_SYS_RESOURCE, CAP_EFFECTIVE, &value);
	cap_free(caps);
	return value == CAP_SET;
}

static struct rlimit get(__rlimit_resource_t resource)
{
	struct rlimit limit;

	ck_assert_int_eq(getrlimit(resource, &limit), 0);
	return limit;
}

static void set(__rlimit_resource_t resource, rlim_t soft, rlim_t hard)
{
	const struct rlimit limit = { soft, hard };

	ck_assert_msg(setrlimit(resource, &limit) == 0, "setrlimit: %m");
}

static struct rlimit of_first(__rlimit_resource_t resource)
{
	struct rlimit limit;

	ck_assert_msg(prlimit(1, resource, NULL, &limit) == 0, "prlimit: %m");
	return limit;
}

static const struct {
	__rlimit_resource_t resource;
	const char *name;
	rlim_t low;
} limits[] = {
	{ RLIMIT_FSIZE, "fsize", 100000 },  { RLIMIT_CPU, "cpu", 5 },
	{ RLIMIT_AS, "as", 1 << 26 },       { RLIMIT_DATA, "data", 1 << 26 },
	{ RLIMIT_NPROC, "nproc", 3 },       { RLIMIT_MEMLOCK, "memlock", 4096 },
	{ RLIMIT_LOCKS, "locks", 1 },       { RLIMIT_SIGPENDING, "sigpending", 1 },
	{ RLIMIT_MSGQUEUE, "msgqueue", 1 }, { RLIMIT_RTTIME, "rttime", 1000 },
};

static void assert_as_first(__rlimit_resource_t resource)
{
	struct rlimit first = of_first(resource);
	struct rlimit limit = get(resource);

	ck_assert_uint_ge(limit.rlim_cur, first.rlim_cur < limit.rlim_max ? first.rlim_cur : limit.rlim_max);
	ck_assert_uint_ge(limit.rlim_max, limit.rlim_cur);
}

/* A tiny limit of the caller's would make a command fail half-way. */
START_TEST(soft_limit_is_raised)
{
	struct rlimit before = get(limits[_i].resource);
	struct error error;
	int result;

	set(limits[_i].resource, limits[_i].low, before.rlim_max);
	result = limits_reset(&error);
	ck_assert_msg(result == 0, "%s", error.text);
	assert_as_first(limits[_i].resource);
	ck_assert_uint_gt(get(limits[_i].resource).rlim_cur, limits[_i].low);
	ck_assert_uint_ge(get(limits[_i].resource).rlim_max, before.rlim_max);
}
END_TEST

/* In a process of its own: with such limits Check could not go on either. */
START_TEST(hard_limit_is_raised_or_refused)
{
	struct {
		int result;
		struct error error;
		struct rlimit after;
	} *said = mmap(NULL, sizeof(*said), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct rlimit first = of_first(limits[_i].resource);
	const struct rlimit low = { limits[_i].low, limits[_i].low };
	int status;

	if (fork() == 0) {
		if (setrlimit(limits[_i].resource, &low) < 0)
			_exit(2);
		said->result = limits_reset(&said->error);
		getrlimit(limits[_i].resource, &said->after);
		_exit(0);
	}
	ck_assert_int_gt(wait(&status), 0);
	ck_assert_int_eq(status, 0);
	if (may_raise()) {
		ck_assert_int_eq(said->result, 0);
		ck_assert_uint_ge(said->after.rlim_cur, first.rlim_cur);
		ck_assert_uint_ge(said->after.rlim_max, first.rlim_max);
		return;
	}
	ck_assert_int_eq(said->result, -1);
	assert_contains(said->error.text, limits[_i].name);
}
END_TEST

START_TEST(higher_limits_stay)
{
	struct rlimit before[ARRAY_LENGTH(limits)];
	struct error error;

	for (size_t i = 0; i < ARRAY_LENGTH(limits); i++)
		before[i] = get(limits[i].resource);
	ck_assert_msg(limits_reset(&error) == 0, "%s", error.text);
	for (size_t i = 0; i < ARRAY_LENGTH(limits); i++) {
		ck_assert_uint_ge(get(limits[i].resource).rlim_cur, before[i].rlim_cur);
		ck_assert_uint_ge(get(limits[i].resource).rlim_max, before[i].rlim_max);
	}
}
END_TEST

/* An init may have raised its own far above what others have, and root's commands need none. */
START_TEST(some_locked_memory_is_enough)
{
	struct error error;

	set(RLIMIT_MEMLOCK, 0, 64 << 10);
	ck_assert_msg(limits_reset(&error) == 0, "%s", error.text);
	ck_assert_uint_ge(get(RLIMIT_MEMLOCK).rlim_cur, 64 << 10);
}
END_TEST

START_TEST(there_are_no_core_files)
{
	struct error error;

	set(RLIMIT_CORE, get(RLIMIT_CORE).rlim_max, get(RLIMIT_CORE).rlim_max);
	ck_assert_int_le(limits_reset(&error), 0);
	ck_assert_uint_eq(get(RLIMIT_CORE).rlim_cur, 0);
	ck_assert_uint_eq(get(RLIMIT_CORE).rlim_max, 0);
}
END_TEST

static const rlim_t stacks[] = { 1 << 20, 8 << 20, 64 << 20, RLIM_INFINITY };

START_TEST(stack_is_of_the_usual_size)
{
	struct rlimit before = get(RLIMIT_STACK);
	struct error error;

	if (stacks[_i] > before.rlim_max)
		return;
	set(RLIMIT_STACK, stacks[_i], before.rlim_max);
	ck_assert_int_le(limits_reset(&error), 0);
	ck_assert_uint_eq(get(RLIMIT_STACK).rlim_cur, 8 << 20);
	ck_assert_uint_eq(get(RLIMIT_STACK).rlim_max, before.rlim_max);
}
END_TEST

START_TEST(stack_that_is_too_small_for_good_is_refused)
{
	struct error error = { .text = "" };
	int result;

	set(RLIMIT_STACK, 1 << 20, 1 << 20);
	result = limits_reset(&error);
	if (may_raise()) {
		ck_assert_int_eq(result, 0);
		ck_assert_uint_eq(get(RLIMIT_STACK).rlim_cur, 8 << 20);
		return;
	}
	ck_assert_int_eq(result, -1);
	assert_contains(error.text, "stack");
}
END_TEST

/* The wrapper itself must be able to open its files whatever the caller set. */
START_TEST(own_files_can_be_opened)
{
	struct rlimit before = get(RLIMIT_NOFILE);
	struct error error;

	set(RLIMIT_NOFILE, 20, before.rlim_max);
	ck_assert_int_le(limits_reset(&error), 0);
	ck_assert_uint_ge(get(RLIMIT_NOFILE).rlim_cur, 256);
	ck_assert_uint_eq(get(RLIMIT_NOFILE).rlim_max, before.rlim_max);
}
END_TEST

static const unsigned long files[] = { 3, 20, 256, 512 };

START_TEST(number_of_files_is_exact)
{
	static const rlim_t before[] = { 10, 256, 700 };
	struct rlimit first = get(RLIMIT_NOFILE);
	struct error error;

	for (size_t i = 0; i < ARRAY_LENGTH(before); i++) {
		set(RLIMIT_NOFILE, before[i], first.rlim_max);
		ck_assert_msg(limits_set_files(files[_i], &error) == 0, "%s", error.text);
		ck_assert_uint_eq(get(RLIMIT_NOFILE).rlim_cur, files[_i]);
		ck_assert_uint_eq(get(RLIMIT_NOFILE).rlim_max, first.rlim_max);
	}
	set(RLIMIT_NOFILE, first.rlim_max, first.rlim_max); /* a sanitizer still has to open files */
}
END_TEST

START_TEST(number_of_files_raises_the_hard_limit_or_fails)
{
	struct error error = { .text = "" };
	int result;

	set(RLIMIT_NOFILE, 100, 100);
	result = limits_set_files(200, &error);
	if (may_raise()) {
		ck_assert_int_eq(result, 0);
		ck_assert_uint_eq(get(RLIMIT_NOFILE).rlim_cur, 200);
		ck_assert_uint_eq(get(RLIMIT_NOFILE).rlim_max, 200);
		return;
	}
	ck_assert_int_eq(result, -1);
	assert_contains(error.text, "nofile");
	ck_assert_uint_eq(get(RLIMIT_NOFILE).rlim_cur, 100);
}
END_TEST

static void fill(TCase *tcase)
{
	tcase_add_test(tcase, there_are_no_core_files);
	add_table_test(tcase, stack_is_of_the_usual_size, stacks);
	tcase_add_test(tcase, stack_that_is_too_small_for_good_is_refused);
	tcase_add_test(tcase, own_files_can_be_opened);
	add_table_test(tcase, number_of_files_is_exact, files);
	tcase_add_test(tcase, number_of_files_raises_the_hard_limit_or_fails);
}

static void fill_as_root(TCase *tcase)
{
	add_table_test(tcase, soft_limit_is_raised, limits);
	add_table_test(tcase, hard_limit_is_raised_or_refused, limits);
	tcase_add_test(tcase, higher_limits_stay);
	tcase_add_test(tcase, some_locked_memory_is_enough);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("limits");

	suite_add(suite, "own limits", fill);
	suite_add_for_root(suite, "limits of PID 1", fill_as_root);
	return suite;
}

SUITE_MAIN(make_suite)
