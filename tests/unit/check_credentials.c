#include "confine/credentials.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/capability.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "confine/default_capabilities.h"
#include "suite.h"
#include "system_call.h"

enum { OTHER_USER = 65534, OTHER_GROUP = 65533, EXTRA_GROUP = 4242 };

static const gid_t root_groups[] = { 0 };
static const gid_t other_groups[] = { OTHER_GROUP, EXTRA_GROUP };
static const struct identity root = { .name = "root", .groups = root_groups, .group_count = 1 };
static const struct identity other = {
	.name = "other", .uid = OTHER_USER, .gid = OTHER_GROUP, .groups = other_groups, .group_count = 2,
};
static const struct identity lonely = {
	.name = "lonely", .uid = OTHER_USER, .gid = OTHER_GROUP, .groups = other_groups, .group_count = 0,
};

static const struct context usual = { .rule = CAPABILITIES_USUAL };
static const struct context none = { .rule = CAPABILITIES_EXACT, .no_new_privs = true };
static const struct context two = {
	.rule = CAPABILITIES_EXACT,
	.capabilities = CAPABILITY(CAP_CHOWN) | CAPABILITY(CAP_NET_ADMIN),
	.no_new_privs = true,
};
static const struct context privileges_kept = { .rule = CAPABILITIES_EXACT, .capabilities = CAPABILITY(CAP_CHOWN) };

/* What a child has to say; it gives up for good what it has, and ends. */
static struct {
	int applied;
	int verified;
	struct error error;
	bool unchanged;
} *said;

static void share(void)
{
	said = mmap(NULL, sizeof(*said), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(said, MAP_FAILED);
}

static void unshare_page(void)
{
	munmap(said, sizeof(*said));
}

static void wait_for(pid_t child)
{
	int status;

	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}

/* credentials_choose() */

static const struct {
	const struct identity *identity;
	const struct context *context;
	const char *programs[2];
	capability_set dropped;   /* of all, in the bounding set */
	capability_set exact;     /* where it names its capabilities */
	bool as_available;
} choices[] = {
	{ &root, &usual, { "/sbin/modprobe" }, 0, 0, true },
	{ &other, &usual, { "/sbin/modprobe" }, ~(capability_set)0, 0, true },
	{ &root, &none, { "/sbin/modprobe" }, ~(capability_set)0, 0, false },
	{ &other, &none, { NULL }, ~(capability_set)0, 0, false },
	{ &root, &two, { "/sbin/modprobe" }, 0, CAPABILITY(CAP_CHOWN) | CAPABILITY(CAP_NET_ADMIN), false },
	{ &other, &two, { "/sbin/modprobe" }, 0, CAPABILITY(CAP_CHOWN) | CAPABILITY(CAP_NET_ADMIN), false },
};

START_TEST(context_chooses_capabilities)
{
	struct credentials credentials =
		credentials_choose(choices[_i].identity, choices[_i].context, choices[_i].programs, 2);
	capability_set wanted = choices[_i].exact ? choices[_i].exact : capability_all() & ~choices[_i].dropped;

	ck_assert_uint_eq(credentials.bounding & capability_all(), wanted);
	ck_assert_uint_eq(credentials.ambient, choices[_i].identity->uid == 0 ? 0 : credentials.bounding);
	ck_assert_uint_eq(credentials_granted(&credentials) & capability_all(), wanted);
	ck_assert_int_eq(credentials.as_available, choices[_i].as_available);
	ck_assert_int_eq(credentials.no_new_privs, choices[_i].context->no_new_privs);
	ck_assert_ptr_eq(credentials.identity, choices[_i].identity);
}
END_TEST

static const struct {
	const char *programs[3];
	capability_set given_back;
} built_in[] = {
	{ { "/bin/ls" }, 0 },
	{ { NULL, NULL, NULL }, 0 },
	{ { "/sbin/modprobe" }, CAPABILITY(CAP_SYS_MODULE) },
	{ { "/sbin/ip", "/usr/sbin/iptables" }, CAPABILITY(CAP_SYS_MODULE) },
	{ { NULL, NULL, "/bin/date" }, CAPABILITY(CAP_SYS_TIME) },
	{ { "/bin/date", "/bin/dmesg", "/sbin/reboot" },
	  CAPABILITY(CAP_SYS_TIME) | CAPABILITY(CAP_SYSLOG) | CAPABILITY(CAP_SYS_BOOT) },
};

START_TEST(programs_get_back_what_they_need)
{
	struct credentials credentials = credentials_choose(&root, &context_built_in, built_in[_i].programs, 3);

	ck_assert_uint_eq(~credentials.bounding & capability_all(),
			  capability_dropped_by_default() & ~built_in[_i].given_back);
	ck_assert_uint_eq(credentials.ambient, 0);
	ck_assert(!credentials.no_new_privs);
	credentials = credentials_choose(&other, &context_built_in, built_in[_i].programs, 3);
	ck_assert_uint_eq(credentials.bounding, 0);
	ck_assert_uint_eq(credentials.ambient, 0);
}
END_TEST

START_TEST(all_takes_what_there_is)
{
	const struct context all = { .rule = CAPABILITIES_EXACT, .capabilities = capability_all() };
	struct credentials credentials = credentials_choose(&root, &all, NULL, 0);

	ck_assert_uint_eq(credentials.bounding, capability_all());
	ck_assert(credentials.as_available);
}
END_TEST

/* The state of a process, as the kernel tells it in /proc/PID/status. */

static char status[8192];

static const char *line_of(const char *key)
{
	char start[32];
	const char *line;

	snprintf(start, sizeof(start), "\n%s:", key);
	line = strstr(status, start);
	ck_assert_msg(line != NULL, "no %s in %s", key, status);
	return line + strlen(start);
}

static capability_set set_of(const char *key)
{
	return strtoull(line_of(key), NULL, 16);
}

static void assert_ids(const char *key, unsigned id)
{
	char *end = NULL;
	const char *line = line_of(key);

	for (int i = 0; i < 4; i++, line = end)
		ck_assert_uint_eq(strtoul(line, &end, 10), id);
}

static void assert_groups(const struct identity *identity)
{
	const char *line = line_of("Groups");
	unsigned long sum = 0;
	size_t count = 0;

	for (char *end = NULL; line[strspn(line, " \t")] != '\n'; line = end + strspn(end, " "), count++)
		sum += strtoul(line, &end, 10);
	ck_assert_uint_eq(count, identity->group_count);
	for (size_t i = 0; i < identity->group_count; i++)
		sum -= identity->groups[i];
	ck_assert_uint_eq(sum, 0);
}

static void read_status(void)
{
	FILE *file = fopen("/proc/self/status", "r");

	status[fread(status, 1, sizeof(status) - 1, file)] = '\0';
	fclose(file);
}

/* Runs cat with the credentials, after prepare(); its own status is its output. */
static void run_command(const struct credentials *credentials, void (*prepare)(void))
{
	int output = memfd_create("status", 0);
	pid_t child = fork();

	if (child == 0) {
		if (prepare)
			prepare();
		said->applied = credentials_apply(credentials, &said->error);
		said->verified = said->applied == 0 ? credentials_verify(credentials, &said->error) : -1;
		dup2(output, STDOUT_FILENO);
		if (said->verified == 0)
			execl("/bin/cat", "cat", "/proc/self/status", (char *)NULL);
		_exit(1);
	}
	waitpid(child, NULL, 0);
	ck_assert_msg(said->applied == 0 && said->verified == 0, "%s", said->error.text);
	memset(status, 0, sizeof(status));
	ck_assert_int_gt(pread(output, status, sizeof(status) - 1, 0), 0);
	close(output);
}

static void assert_command(const struct credentials *credentials, capability_set own, capability_set available)
{
	const struct identity *identity = credentials->identity;
	capability_set granted = credentials_granted(credentials) & available;

	assert_ids("Uid", identity->uid);
	assert_ids("Gid", identity->gid);
	assert_groups(identity);
	ck_assert_uint_eq(set_of("CapBnd"), credentials->bounding & available);
	ck_assert_uint_eq(set_of("CapPrm"), identity->uid == 0 ? granted & own : granted);
	ck_assert_uint_eq(set_of("CapEff"), identity->uid == 0 ? granted & own : granted);
	ck_assert_uint_eq(set_of("CapInh"), credentials->ambient & available);
	ck_assert_uint_eq(set_of("CapAmb"), credentials->ambient & available);
	ck_assert_uint_eq(strtoul(line_of("NoNewPrivs"), NULL, 10), credentials->no_new_privs);
}

static const struct {
	const struct identity *identity;
	const struct context *context;
	const char *program;
} commands[] = {
	{ &root, &context_built_in, "/bin/ls" },
	{ &root, &context_built_in, "/sbin/modprobe" },
	{ &root, &usual, "/bin/ls" },
	{ &root, &none, "/bin/ls" },
	{ &root, &two, "/bin/ls" },
	{ &root, &privileges_kept, "/bin/ls" },
	{ &other, &context_built_in, "/bin/ls" },
	{ &other, &usual, "/bin/ls" },
	{ &other, &none, "/bin/ls" },
	{ &other, &two, "/bin/ls" },
	{ &other, &privileges_kept, "/bin/ls" },
	{ &lonely, &context_built_in, "/bin/ls" },
};

static struct credentials choose(int i)
{
	return credentials_choose(commands[i].identity, commands[i].context, &commands[i].program, 1);
}

static void leave_traces(void)
{
	static const gid_t groups[] = { 6, 42, EXTRA_GROUP, 0 };
	cap_t caps = cap_get_proc();
	const cap_value_t values[] = { CAP_CHOWN, CAP_KILL, CAP_SETUID };

	cap_set_flag(caps, CAP_INHERITABLE, 3, values, CAP_SET);
	if (setgroups(ARRAY_LENGTH(groups), groups) < 0 || cap_set_proc(caps) < 0 ||
	    cap_set_ambient(CAP_KILL, CAP_SET) < 0 || setresgid(6, 42, 0) < 0)
		_exit(2);
	cap_free(caps);
}

static void start_plain(void)
{
}

static void (*const starts[])(void) = { start_plain, leave_traces };

/* Whatever the process was before, the command is exactly what it is to be. */
START_TEST(command_has_exactly_these_credentials)
{
	const struct credentials credentials = choose(_i);
	capability_set available;
	capability_set own;

	read_status();
	available = set_of("CapBnd");
	own = set_of("CapPrm");
	for (size_t i = 0; i < ARRAY_LENGTH(starts); i++) {
		run_command(&credentials, starts[i]);
		assert_command(&credentials, own, available);
	}
}
END_TEST

/* A capability that is named has to be there before anything is given up. */
static void drop_chown(void)
{
	prctl(PR_CAPBSET_DROP, CAP_CHOWN, 0, 0, 0);
}

static void lose_chown(void)
{
	cap_t caps = cap_get_proc();
	const cap_value_t value = CAP_CHOWN;

	cap_set_flag(caps, CAP_EFFECTIVE, 1, &value, CAP_CLEAR);
	cap_set_flag(caps, CAP_PERMITTED, 1, &value, CAP_CLEAR);
	cap_set_proc(caps);
	cap_free(caps);
}

static void (*const losses[])(void) = { drop_chown, lose_chown };

static bool is_untouched_root(void)
{
	gid_t groups[8];
	uid_t uids[3];

	getresuid(&uids[0], &uids[1], &uids[2]);
	return getgroups(8, groups) == 3 && uids[0] == 0 && uids[1] == 0 && uids[2] == 0 && getgid() == 0 &&
	       prctl(PR_CAPBSET_READ, CAP_NET_RAW, 0, 0, 0) == 1;
}

START_TEST(missing_capability_is_refused_at_once)
{
	static const gid_t groups[] = { 1, 2, 3 };
	const struct identity *const identities[] = { &root, &other };

	for (size_t i = 0; i < ARRAY_LENGTH(identities); i++) {
		const struct credentials credentials = credentials_choose(identities[i], &two, NULL, 0);
		pid_t child = fork();

		if (child == 0) {
			setgroups(ARRAY_LENGTH(groups), groups);
			losses[_i]();
			said->applied = credentials_apply(&credentials, &said->error);
			said->unchanged = is_untouched_root();
			_exit(0);
		}
		wait_for(child);
		ck_assert_int_eq(said->applied, -1);
		assert_contains(said->error.text, "cap_chown");
		assert_lacks(said->error.text, "cap_net_admin");
		ck_assert(said->unchanged);
	}
}
END_TEST

START_TEST(missing_capability_is_no_loss_where_none_is_named)
{
	const struct credentials credentials = credentials_choose(&root, &context_built_in, NULL, 0);

	run_command(&credentials, drop_chown);
	ck_assert_uint_eq(set_of("CapBnd") & CAPABILITY(CAP_CHOWN), 0);
	ck_assert_uint_eq(set_of("CapPrm") & CAPABILITY(CAP_CHOWN), 0);
}
END_TEST

/* Another user cannot be had without privileges, and that is no success. */
static void become_other(void)
{
	if (setgroups(0, NULL) < 0 || setresgid(OTHER_GROUP, OTHER_GROUP, OTHER_GROUP) < 0 ||
	    setresuid(OTHER_USER, OTHER_USER, OTHER_USER) < 0)
		_exit(2);
}

START_TEST(unprivileged_process_cannot_apply)
{
	const struct credentials credentials = choose(_i);
	pid_t child = fork();

	if (child == 0) {
		become_other();
		said->applied = credentials_apply(&credentials, &said->error);
		_exit(0);
	}
	wait_for(child);
	ck_assert_int_eq(said->applied, -1);
	ck_assert_str_ne(said->error.text, "");
}
END_TEST

/* Credentials of one command are not those of another. */
START_TEST(credentials_of_another_command_are_refused)
{
	const struct credentials applied = choose(_i);

	for (size_t i = 0; i < ARRAY_LENGTH(commands); i++) {
		const struct credentials verified = choose((int)i);
		pid_t child;

		if (applied.identity == verified.identity && applied.bounding == verified.bounding)
			continue;
		/* less than a default is no danger: there may be no more on this machine */
		if (verified.as_available && applied.identity == verified.identity &&
		    (applied.bounding & ~verified.bounding & capability_all()) == 0)
			continue;
		child = fork();
		if (child == 0) {
			said->applied = credentials_apply(&applied, &said->error);
			said->verified = credentials_verify(&verified, &said->error);
			_exit(0);
		}
		wait_for(child);
		ck_assert_int_eq(said->applied, 0);
		ck_assert_msg(said->verified == -1, "%d is taken for %zu", _i, i);
	}
}
END_TEST

/*
 * Wrong in one respect: what is done after the credentials were applied, or in
 * place of that.
 */
static struct credentials expected;

static void apply_expected(void)
{
	if (credentials_apply(&expected, &said->error) < 0)
		_exit(2);
}

static void set_ids(uid_t real, uid_t effective, uid_t saved)
{
	for (int i = 0; i < cap_max_bits(); i++)
		prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
	if (setgroups(2, other_groups) < 0 || setresgid(OTHER_GROUP, OTHER_GROUP, OTHER_GROUP) < 0 ||
	    setresuid(real, effective, saved) < 0)
		_exit(2);
}

static void keep_real_user(void)
{
	set_ids(0, OTHER_USER, OTHER_USER);
}

static void keep_effective_user(void)
{
	set_ids(OTHER_USER, 0, OTHER_USER);
}

static void keep_saved_user(void)
{
	set_ids(OTHER_USER, OTHER_USER, 0);
}

static void set_group_ids(gid_t real, gid_t effective, gid_t saved)
{
	if (setgroups(2, other_groups) < 0 || setresgid(real, effective, saved) < 0)
		_exit(2);
	for (int i = 0; i < cap_max_bits(); i++)
		prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
	if (setresuid(OTHER_USER, OTHER_USER, OTHER_USER) < 0)
		_exit(2);
}

static void keep_real_group(void)
{
	set_group_ids(0, OTHER_GROUP, OTHER_GROUP);
}

static void keep_effective_group(void)
{
	set_group_ids(OTHER_GROUP, 0, OTHER_GROUP);
}

static void keep_saved_group(void)
{
	set_group_ids(OTHER_GROUP, OTHER_GROUP, 0);
}

static void add_group(void)
{
	static const gid_t groups[] = { 0, EXTRA_GROUP };

	apply_expected();
	setgroups(2, groups);
}

static void change_group(void)
{
	static const gid_t groups[] = { EXTRA_GROUP };

	apply_expected();
	setgroups(1, groups);
}

static void remove_group(void)
{
	apply_expected();
	setgroups(0, NULL);
}

static void add_many_groups(void)
{
	gid_t groups[1000] = { 0 };

	for (size_t i = 1; i < ARRAY_LENGTH(groups); i++)
		groups[i] = (gid_t)i;
	apply_expected();
	setgroups(ARRAY_LENGTH(groups), groups);
}

static void keep_one_in_bounding(void)
{
	struct credentials wider = expected;

	wider.bounding |= CAPABILITY(CAP_SYS_ADMIN);
	if (credentials_apply(&wider, &said->error) < 0)
		_exit(2);
}

static void keep_one_in_bounding_of_other(void)
{
	for (int i = 0; i < cap_max_bits(); i++) {
		if (i != CAP_SYS_ADMIN)
			prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
	}
	if (setgroups(2, other_groups) < 0 || setresgid(OTHER_GROUP, OTHER_GROUP, OTHER_GROUP) < 0 ||
	    setresuid(OTHER_USER, OTHER_USER, OTHER_USER) < 0)
		_exit(2);
}

static void keep_permitted(void)
{
	if (setgroups(1, root_groups) < 0)
		_exit(2);
	for (int i = 0; i < cap_max_bits(); i++) {
		if (!(expected.bounding & CAPABILITY(i)))
			prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
	}
}

static void change_flag(cap_flag_t flag, cap_value_t value, cap_flag_value_t to)
{
	cap_t caps = cap_get_proc();

	cap_set_flag(caps, flag, 1, &value, to);
	if (cap_set_proc(caps) < 0)
		_exit(2);
	cap_free(caps);
}

static void add_inheritable(void)
{
	apply_expected();
	change_flag(CAP_INHERITABLE, CAP_KILL, CAP_SET);
}

static void reduce_effective(void)
{
	apply_expected();
	change_flag(CAP_EFFECTIVE, CAP_KILL, CAP_CLEAR);
}

static void clear_ambient(void)
{
	apply_expected();
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

static void drop_wanted(void)
{
	apply_expected();
	if (prctl(PR_CAPBSET_DROP, CAP_CHOWN, 0, 0, 0) < 0)
		_exit(2);
}

static void allow_new_privileges(void)
{
	struct credentials weaker = expected;

	weaker.no_new_privs = false;
	if (credentials_apply(&weaker, &said->error) < 0)
		_exit(2);
}

static void keep_capabilities(void)
{
	apply_expected();
	prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
}

/* A capability that is neither ambient nor given up, and by which root can be had back. */
static void keep_for_now(cap_value_t value)
{
	cap_t caps = cap_init();

	prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
	set_ids(OTHER_USER, OTHER_USER, OTHER_USER);
	cap_set_flag(caps, CAP_PERMITTED, 1, &value, CAP_SET);
	cap_set_flag(caps, CAP_EFFECTIVE, 1, &value, CAP_SET);
	if (cap_set_proc(caps) < 0)
		_exit(2);
	cap_free(caps);
	prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0);
	expected.bounding = CAPABILITY(value);
	expected.as_available = true;
}

static void keep_setuid(void)
{
	keep_for_now(CAP_SETUID);
}

static void keep_setgid(void)
{
	keep_for_now(CAP_SETGID);
}

/* As a parent may have set them, locked or not: they outlive an exec. */
static void set_securebits(unsigned long bits)
{
	if (prctl(PR_SET_SECUREBITS, bits, 0, 0, 0) < 0)
		_exit(2);
	apply_expected();
}

static void take_roots_capabilities(void)
{
	set_securebits(SECBIT_NOROOT);
}

static void take_roots_capabilities_for_good(void)
{
	set_securebits(SECBIT_NOROOT | SECBIT_NOROOT_LOCKED);
}

static void keep_over_change_of_user(void)
{
	set_securebits(SECBIT_NO_SETUID_FIXUP);
}

static const struct context with_setpcap = {
	.rule = CAPABILITIES_EXACT, .capabilities = CAPABILITY(CAP_SETPCAP) | CAPABILITY(CAP_CHOWN),
};

static const struct {
	const struct identity *identity;
	const struct context *context;
	void (*deviate)(void);
	const char *why;
} deviations[] = {
	{ &other, &context_built_in, keep_real_user, "user or group" },
	{ &other, &context_built_in, keep_effective_user, "user or group" },
	{ &other, &context_built_in, keep_saved_user, "user or group" },
	{ &other, &context_built_in, keep_real_group, "user or group" },
	{ &other, &context_built_in, keep_effective_group, "user or group" },
	{ &other, &context_built_in, keep_saved_group, "user or group" },
	{ &root, &context_built_in, add_group, "supplementary groups" },
	{ &root, &context_built_in, change_group, "supplementary groups" },
	{ &root, &context_built_in, remove_group, "supplementary groups" },
	{ &root, &context_built_in, add_many_groups, "supplementary groups" },
	{ &other, &context_built_in, become_other, "supplementary groups" },
	{ &lonely, &context_built_in, become_other, "capabilities are not" },
	{ &root, &none, keep_one_in_bounding, "capabilities are not" },
	{ &other, &context_built_in, keep_one_in_bounding_of_other, "capabilities are not" },
	{ &root, &two, keep_permitted, "capabilities are not" },
	{ &root, &context_built_in, keep_permitted, "capabilities are not" },
	{ &root, &context_built_in, add_inheritable, "capabilities are not" },
	{ &root, &context_built_in, reduce_effective, "capabilities are not" },
	{ &other, &two, clear_ambient, "capabilities are not" },
	{ &root, &with_setpcap, drop_wanted, "capabilities are not" },
	{ &root, &none, allow_new_privileges, "attributes" },
	{ &other, &two, allow_new_privileges, "attributes" },
	{ &root, &context_built_in, keep_capabilities, "attributes" },
	{ &root, &two, take_roots_capabilities, "securebits" },
	{ &root, &context_built_in, take_roots_capabilities_for_good, "securebits" },
	{ &root, &two, keep_over_change_of_user, "securebits" },
	{ &other, &two, keep_over_change_of_user, "securebits" },
	{ &other, &context_built_in, keep_setuid, "can be regained" },
	{ &other, &context_built_in, keep_setgid, "can be regained" },
};

START_TEST(wrong_state_is_seen)
{
	pid_t child;

	expected = credentials_choose(deviations[_i].identity, deviations[_i].context, NULL, 0);
	child = fork();
	if (child == 0) {
		deviations[_i].deviate();
		said->verified = credentials_verify(&expected, &said->error);
		_exit(0);
	}
	wait_for(child);
	ck_assert_int_eq(said->verified, -1);
	assert_contains(said->error.text, deviations[_i].why);
}
END_TEST

/* To the kernel -1 means "leave as it is": root. */
START_TEST(no_id_is_no_user)
{
	static const struct identity identities[] = {
		{ .name = "nouid", .uid = (uid_t)-1, .gid = OTHER_GROUP, .groups = root_groups },
		{ .name = "nogid", .uid = OTHER_USER, .gid = (gid_t)-1, .groups = root_groups },
	};

	for (size_t i = 0; i < ARRAY_LENGTH(identities); i++) {
		const struct credentials credentials = credentials_choose(&identities[i], &context_built_in, NULL, 0);
		pid_t child = fork();

		if (child == 0) {
			said->applied = credentials_apply(&credentials, &said->error);
			said->verified = said->applied == 0 ? credentials_verify(&credentials, &said->error) : -1;
			_exit(0);
		}
		wait_for(child);
		ck_assert_int_eq(said->verified, -1);
	}
}
END_TEST

static const struct {
	const struct identity *identity;
	const struct context *context;
	long call;
	long first_argument;
} calls[] = {
	{ &root, &context_built_in, SYS_setgroups, ANY_ARGUMENT },
	{ &other, &context_built_in, SYS_setgroups, ANY_ARGUMENT },
	{ &other, &context_built_in, SYS_setresgid, ANY_ARGUMENT },
	{ &other, &context_built_in, SYS_setresuid, ANY_ARGUMENT },
	{ &other, &two, SYS_setresuid, ANY_ARGUMENT },
	{ &root, &context_built_in, SYS_capset, ANY_ARGUMENT },
	{ &root, &two, SYS_capset, ANY_ARGUMENT },
	{ &other, &two, SYS_capset, ANY_ARGUMENT },
	{ &root, &context_built_in, SYS_prctl, PR_CAPBSET_DROP },
	{ &root, &none, SYS_prctl, PR_CAPBSET_DROP },
	{ &other, &context_built_in, SYS_prctl, PR_CAPBSET_DROP },
	{ &other, &two, SYS_prctl, PR_CAP_AMBIENT },
	{ &other, &two, SYS_prctl, PR_SET_KEEPCAPS },
	{ &root, &two, SYS_prctl, PR_SET_NO_NEW_PRIVS },
	{ &other, &none, SYS_prctl, PR_SET_NO_NEW_PRIVS },
};

static void apply_with(int i, int error_number)
{
	const struct credentials credentials = credentials_choose(calls[i].identity, calls[i].context, NULL, 0);
	pid_t child = fork();

	if (child == 0) {
		leave_traces();
		system_call_answer(calls[i].call, calls[i].first_argument, error_number);
		said->applied = credentials_apply(&credentials, &said->error);
		said->verified = said->applied == 0 ? credentials_verify(&credentials, &said->error) : -1;
		_exit(0);
	}
	wait_for(child);
}

START_TEST(failing_call_is_a_failure)
{
	apply_with(_i, EPERM);
	ck_assert_int_eq(said->applied, -1);
	assert_contains(said->error.text, strerror(EPERM));
	apply_with(_i, EINVAL);
	/* that is also how the kernel says that it knows no more capabilities */
	ck_assert_int_eq(said->verified, -1);
}
END_TEST

START_TEST(call_that_did_nothing_is_seen)
{
	apply_with(_i, 0);
	ck_assert_int_eq(said->verified, -1);
}
END_TEST

static void fill_choice(TCase *tcase)
{
	add_table_test(tcase, context_chooses_capabilities, choices);
	add_table_test(tcase, programs_get_back_what_they_need, built_in);
	tcase_add_test(tcase, all_takes_what_there_is);
}

static void fill_switch(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, share, unshare_page);
	add_table_test(tcase, command_has_exactly_these_credentials, commands);
	add_table_test(tcase, missing_capability_is_refused_at_once, losses);
	tcase_add_test(tcase, missing_capability_is_no_loss_where_none_is_named);
	add_table_test(tcase, unprivileged_process_cannot_apply, commands);
	tcase_add_test(tcase, no_id_is_no_user);
	add_table_test(tcase, failing_call_is_a_failure, calls);
}

static void fill_verification(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, share, unshare_page);
	add_table_test(tcase, credentials_of_another_command_are_refused, commands);
	add_table_test(tcase, wrong_state_is_seen, deviations);
	add_table_test(tcase, call_that_did_nothing_is_seen, calls);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("credentials");

	suite_add(suite, "choice", fill_choice);
	suite_add_for_root(suite, "switch", fill_switch);
	suite_add_for_root(suite, "verification", fill_verification);
	return suite;
}

SUITE_MAIN(make_suite)
