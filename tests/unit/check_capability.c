#include "policy/capability.h"

#include <linux/capability.h>
#include <sys/capability.h>

#include "suite.h"

START_TEST(all_is_what_the_kernel_has)
{
	capability_set all = capability_all();

	for (int i = 0; i < 64; i++)
		ck_assert_int_eq((all & CAPABILITY(i)) != 0, i < cap_max_bits());
	ck_assert(all & CAPABILITY(CAP_CHOWN));
	ck_assert(all & CAPABILITY(CAP_CHECKPOINT_RESTORE));
}
END_TEST

static const struct {
	const char *name;
	int number;
} names[] = {
	{ "cap_chown", CAP_CHOWN },
	{ "cap_net_admin", CAP_NET_ADMIN },
	{ "CAP_NET_ADMIN", CAP_NET_ADMIN },
	{ "Cap_Net_Admin", CAP_NET_ADMIN },
	{ "cap_sys_admin", CAP_SYS_ADMIN },
	{ "cap_checkpoint_restore", CAP_CHECKPOINT_RESTORE },
};

START_TEST(name_adds_its_capability)
{
	capability_set set = CAPABILITY(CAP_LEASE);
	struct error error;

	ck_assert_int_eq(capability_add_name(&set, names[_i].name, &error), 0);
	ck_assert_uint_eq(set, CAPABILITY(CAP_LEASE) | CAPABILITY(names[_i].number));
}
END_TEST

static const char *const refused[] = {
	"",
	"cap_",
	"net_admin",
	"cap_net_adm",
	"cap_net_admin ",
	" cap_net_admin",
	"cap_net_admin\n",
	"cap_x",
	"capnetadmin",
	"cap_net_admin+ep",
	"cap_net_admin,cap_chown",
	"12",
	"0",
	"-1",
	"63",
	"cap_63",
	"cap_12",
	"all",
	"none",
	"cap_all",
	"=ep",
	"cap_net admin",
	"cap_net_admin x",
};

START_TEST(other_text_adds_nothing)
{
	capability_set set = CAPABILITY(CAP_LEASE);
	struct error error = { .text = "" };

	ck_assert_int_eq(capability_add_name(&set, refused[_i], &error), -1);
	ck_assert_str_ne(error.text, "");
	ck_assert_uint_eq(set, CAPABILITY(CAP_LEASE));
}
END_TEST

static void assert_text(capability_set set, const char *text)
{
	CLEANUP(strbuf_free) struct strbuf buffer = { 0 };

	strbuf_append_string(&buffer, "caps=");
	capability_append_set(&buffer, set);
	ck_assert_str_eq(buffer.text + strlen("caps="), text);
}

START_TEST(set_is_written_the_shorter_way)
{
	const capability_set all = capability_all();

	assert_text(0, "none");
	assert_text(all, "all");
	assert_text(CAPABILITY(CAP_CHOWN), "cap_chown");
	assert_text(CAPABILITY(CAP_SYS_ADMIN) | CAPABILITY(CAP_CHOWN) | CAPABILITY(CAP_NET_RAW),
		    "cap_chown,cap_net_raw,cap_sys_admin");
	assert_text(all & ~CAPABILITY(CAP_CHOWN), "all-cap_chown");
	assert_text(all & ~(CAPABILITY(CAP_SYS_TIME) | CAPABILITY(CAP_SYS_BOOT)), "all-cap_sys_boot,cap_sys_time");
}
END_TEST

/* The kernel has no capability of such a number: it neither fills a set nor empties it. */
START_TEST(bits_without_a_capability_do_not_count)
{
	const capability_set beyond = ~capability_all();

	assert_text(beyond, "none");
	assert_text(~(capability_set)0, "all");
	assert_text(CAPABILITY(CAP_CHOWN) | beyond, "cap_chown");
	assert_text(~CAPABILITY(CAP_CHOWN), "all-cap_chown");
}
END_TEST

/* Every set is written so that it can be told from every other. */
START_TEST(text_names_the_set)
{
	for (int i = 0; i < cap_max_bits(); i++) {
		CLEANUP(strbuf_free) struct strbuf buffer = { 0 };
		capability_set set = 0;
		struct error error;

		capability_append_set(&buffer, CAPABILITY(i));
		ck_assert_int_eq(capability_add_name(&set, buffer.text, &error), 0);
		ck_assert_uint_eq(set, CAPABILITY(i));
	}
}
END_TEST

static void fill(TCase *tcase)
{
	tcase_add_test(tcase, all_is_what_the_kernel_has);
	add_table_test(tcase, name_adds_its_capability, names);
	add_table_test(tcase, other_text_adds_nothing, refused);
	tcase_add_test(tcase, set_is_written_the_shorter_way);
	tcase_add_test(tcase, bits_without_a_capability_do_not_count);
	tcase_add_test(tcase, text_names_the_set);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("capability");

	suite_add(suite, "capability", fill);
	return suite;
}

SUITE_MAIN(make_suite)
