#include "confine/capability_sets.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/capability.h>

#include "suite.h"

/* libcap's view of one flag; a capability beyond its last is none. */
static capability_set set_of(cap_flag_t flag)
{
	cap_t caps = cap_get_proc();
	capability_set set = 0;

	for (int i = 0; i < cap_max_bits(); i++) {
		cap_flag_value_t value = CAP_CLEAR;

		cap_get_flag(caps, i, flag, &value);
		set |= value == CAP_SET ? CAPABILITY(i) : 0;
	}
	cap_free(caps);
	return set;
}

static void assert_as_libcap(const struct capability_sets *sets)
{
	ck_assert_uint_eq(sets->permitted, set_of(CAP_PERMITTED));
	ck_assert_uint_eq(sets->effective, set_of(CAP_EFFECTIVE));
	ck_assert_uint_eq(sets->inheritable, set_of(CAP_INHERITABLE));
}

START_TEST(reads_what_is_there)
{
	struct capability_sets sets;

	ck_assert_int_eq(capability_sets_read(&sets), 0);
	assert_as_libcap(&sets);
}
END_TEST

START_TEST(adds_nothing)
{
	const struct capability_sets more = { .permitted = CAPABILITY(CAP_KILL), .effective = CAPABILITY(CAP_KILL) };
	struct capability_sets none = { 0 };

	ck_assert_int_eq(capability_sets_write(&none), 0);
	errno = 0;
	ck_assert_int_eq(capability_sets_write(&more), -1);
	ck_assert_int_eq(errno, EPERM);
	ck_assert_int_eq(capability_sets_read(&none), 0);
	ck_assert_uint_eq(none.permitted | none.effective | none.inheritable, 0);
}
END_TEST

/* One of each half of the kernel's two words. */
START_TEST(writes_each_set)
{
	const struct capability_sets wanted = {
		.permitted = CAPABILITY(CAP_KILL) | CAPABILITY(CAP_SYSLOG) | CAPABILITY(CAP_CHOWN),
		.effective = CAPABILITY(CAP_SYSLOG) | CAPABILITY(CAP_KILL),
		.inheritable = CAPABILITY(CAP_SYSLOG),
	};
	struct capability_sets sets;

	ck_assert_int_eq(capability_sets_write(&wanted), 0);
	ck_assert_int_eq(capability_sets_read(&sets), 0);
	ck_assert_uint_eq(sets.permitted, wanted.permitted);
	ck_assert_uint_eq(sets.effective, wanted.effective);
	ck_assert_uint_eq(sets.inheritable, wanted.inheritable);
	assert_as_libcap(&sets);
}
END_TEST

static void fill_for_anybody(TCase *tcase)
{
	tcase_add_test(tcase, reads_what_is_there);
	tcase_add_test(tcase, adds_nothing);
}

static void fill_for_root(TCase *tcase)
{
	tcase_add_test(tcase, writes_each_set);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("capability_sets");

	suite_add(suite, "for anybody", fill_for_anybody);
	suite_add_for_root(suite, "for root", fill_for_root);
	return suite;
}

SUITE_MAIN(make_suite)
