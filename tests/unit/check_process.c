#include "process/process.h"

#include <fcntl.h>
#include <linux/keyctl.h>
#include <linux/mempolicy.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "dev_log.h"
#include "system_call.h"

enum { HIGHEST_DESCRIPTOR = 1000, LAST_SIGNAL = 64 };

enum {
	TIMER_SLACK,
	HUGE_PAGES_OFF,
	MACHINE_CHECK_POLICY,
	MERGED_PAGES,
	CLOCK_CYCLES,
	SUBREAPER,
	MEMORY_POLICY,
	SETTINGS,
};

/* Of prctl(2), Linux 6.4. */
enum {
	SET_MEMORY_MERGE = 67,
	GET_MEMORY_MERGE,
};

/* What a child that was made safe says of itself.  Only root can see the limits of PID 1: its result may differ. */
static struct {
	int result;
	struct error error;
	bool is_open[HIGHEST_DESCRIPTOR + 1];
	struct stat standard[3];
	int access[3];
	uint64_t ignored;
	uint64_t blocked;
	uint64_t caught;
	struct itimerval timers[3];
	mode_t umask;
	int parent_death_signal;
	int dumpable;
	int personality;
	int settings[SETTINGS];
	long keyring;
	bool environment_is_empty;
	const char *const *environment;
	struct rlimit files;
	struct rlimit core;
	struct rlimit file_size;
} *said;

static uint64_t mask_in(const char *text, const char *key)
{
	const char *line = strstr(text, key);

	return line ? strtoull(line + strlen(key), NULL, 16) : ~(uint64_t)0;
}

static void look_at_signals(void)
{
	char text[8192] = "";
	int file = open("/proc/self/status", O_RDONLY);
	ssize_t length = read(file, text, sizeof(text) - 1);

	close(file);
	if (length <= 0)
		_exit(3);
	said->ignored = mask_in(text, "\nSigIgn:");
	said->blocked = mask_in(text, "\nSigBlk:");
	said->caught = mask_in(text, "\nSigCgt:");
}

static long session_keyring(void)
{
	return syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0);
}

/* What the kernel does not know stays as it is. */
static void look_at_settings(int settings[SETTINGS])
{
	settings[TIMER_SLACK] = prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0);
	settings[HUGE_PAGES_OFF] = prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0);
	settings[MACHINE_CHECK_POLICY] = prctl(PR_MCE_KILL_GET, 0, 0, 0, 0);
	settings[MERGED_PAGES] = prctl(GET_MEMORY_MERGE, 0, 0, 0, 0);
	prctl(PR_GET_TSC, &settings[CLOCK_CYCLES], 0, 0, 0);
	prctl(PR_GET_CHILD_SUBREAPER, &settings[SUBREAPER], 0, 0, 0);
	syscall(SYS_get_mempolicy, &settings[MEMORY_POLICY], NULL, 0, NULL, 0);
}

static void look_at_process(void)
{
	static const __itimer_which_t timers[] = { ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF };

	for (int i = 0; i <= HIGHEST_DESCRIPTOR; i++)
		said->is_open[i] = fcntl(i, F_GETFD) >= 0;
	for (int i = 0; i < 3; i++) {
		fstat(i, &said->standard[i]);
		said->access[i] = fcntl(i, F_GETFL) & O_ACCMODE;
		getitimer(timers[i], &said->timers[i]);
	}
	said->umask = umask(0);
	prctl(PR_GET_PDEATHSIG, &said->parent_death_signal, 0, 0, 0);
	said->dumpable = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
	said->personality = personality(0xffffffff);
	look_at_settings(said->settings);
	said->keyring = session_keyring();
	said->environment_is_empty = environ && !environ[0];
	getrlimit(RLIMIT_NOFILE, &said->files);
	getrlimit(RLIMIT_CORE, &said->core);
	getrlimit(RLIMIT_FSIZE, &said->file_size);
	look_at_signals();
}

static void share(void)
{
	said = mmap(NULL, sizeof(*said), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(said, MAP_FAILED);
}

static void unshare_page(void)
{
	munmap(said, sizeof(*said));
}

static void in_child(void (*prepare)(void), void (*act)(void))
{
	int status;
	pid_t child = fork();

	ck_assert_int_ge(child, 0);
	if (child == 0) {
		if (prepare)
			prepare();
		act();
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}

static void make_safe(void)
{
	said->result = process_make_safe(&said->environment, &said->error);
	look_at_process();
}

static void make_safe_and_ready(void)
{
	said->result = process_make_safe(&said->environment, &said->error);
	process_prepare_exec();
	look_at_process();
}

static void make_safe_ready_and_not(void)
{
	said->result = process_make_safe(&said->environment, &said->error);
	process_prepare_exec();
	process_hold_signals();
	look_at_process();
}

static void open_many(void)
{
	int directory = open("/", O_RDONLY | O_DIRECTORY);

	for (int i = 3; i < 100; i++)
		dup2(directory, i);
	dup2(directory, 500);
	dup2(directory, HIGHEST_DESCRIPTOR);
	socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

START_TEST(no_descriptor_is_inherited)
{
	in_child(open_many, make_safe);
	for (int i = 0; i <= HIGHEST_DESCRIPTOR; i++) {
		if (said->is_open[i] != (i < 3))
			ck_abort_msg("descriptor %d", i);
	}
}
END_TEST

static int known_file;
static int closed;

/* Closes those of 0 to 2 whose bit is set; the others are a file that can be told. */
static void close_some(void)
{
	for (int i = 0; i < 3; i++) {
		dup2(known_file, i);
		if (closed & 1 << i)
			close(i);
	}
}

START_TEST(standard_descriptors_are_open)
{
	struct stat known;

	known_file = memfd_create("known", 0);
	closed = _i;
	ck_assert_int_eq(fstat(known_file, &known), 0);
	in_child(close_some, make_safe);
	for (int i = 0; i < 3; i++) {
		ck_assert(said->is_open[i]);
		if (closed & 1 << i) {
			ck_assert(S_ISCHR(said->standard[i].st_mode));
			ck_assert_uint_eq(said->standard[i].st_rdev, makedev(1, 3));
			ck_assert_int_eq(said->access[i], O_RDWR);
		} else {
			ck_assert_uint_eq(said->standard[i].st_ino, known.st_ino);
		}
	}
	ck_assert(!said->is_open[3]);
}
END_TEST

static void set_every_signal(void (*handler)(int))
{
	struct {
		void (*handler)(int);
		unsigned long flags;
		void (*restorer)(void);
		uint64_t mask;
	} action = { .handler = handler };

	for (int i = 1; i <= LAST_SIGNAL; i++)
		syscall(SYS_rt_sigaction, i, &action, NULL, sizeof(action.mask));
}

/* The C library would not let us have 32 and 33; a caller need not ask it. */
static void ignore_all(void)
{
	set_every_signal(SIG_IGN);
}

static void block_all(void)
{
	uint64_t all = ~(uint64_t)0;

	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof(all));
}

static void ignore_and_block_all(void)
{
	ignore_all();
	block_all();
}

static uint64_t signals_while_working(void)
{
	static const int ignored[] = { SIGPIPE, SIGXFSZ, SIGTSTP, SIGTTIN, SIGTTOU };
	uint64_t mask = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(ignored); i++)
		mask |= (uint64_t)1 << (ignored[i] - 1);
	return mask;
}

/* What a terminal sends: it must not end a request that is not recorded yet. */
static uint64_t held_while_working(void)
{
	return (uint64_t)1 << (SIGINT - 1) | (uint64_t)1 << (SIGQUIT - 1) | (uint64_t)1 << (SIGHUP - 1) |
	       (uint64_t)1 << (SIGTERM - 1);
}

static void (*const signal_states[])(void) = { NULL, ignore_all, block_all, ignore_and_block_all };

START_TEST(signals_are_reset)
{
	in_child(signal_states[_i], make_safe);
	ck_assert_uint_eq(said->ignored, signals_while_working());
	ck_assert_uint_eq(said->blocked, held_while_working());
	ck_assert_uint_eq(said->caught, 0);
}
END_TEST

START_TEST(command_ignores_no_signal)
{
	in_child(signal_states[_i], make_safe_and_ready);
	ck_assert_uint_eq(said->ignored, 0);
	ck_assert_uint_eq(said->blocked, 0);
	in_child(signal_states[_i], make_safe_ready_and_not);
	ck_assert_uint_eq(said->ignored, signals_while_working());
	ck_assert_uint_eq(said->blocked, held_while_working());
}
END_TEST

static void start_timers(void)
{
	static const __itimer_which_t timers[] = { ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF };
	const struct itimerval soon = { .it_interval = { .tv_sec = 1 }, .it_value = { .tv_sec = 100 } };

	for (size_t i = 0; i < ARRAY_LENGTH(timers); i++)
		setitimer(timers[i], &soon, NULL);
}

START_TEST(timers_are_off)
{
	static const struct itimerval off;

	in_child(start_timers, make_safe);
	for (int i = 0; i < 3; i++)
		ck_assert_mem_eq(&said->timers[i], &off, sizeof(off));
}
END_TEST

static mode_t callers_umask;

static void set_umask(void)
{
	umask(callers_umask);
}

static const mode_t umasks[] = { 0, 022, 077, 0777 };

START_TEST(umask_is_the_usual_one)
{
	callers_umask = umasks[_i];
	in_child(set_umask, make_safe);
	ck_assert_uint_eq(said->umask, 022);
}
END_TEST

static void leave_traces(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	personality(PER_LINUX | UNAME26);
	syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);
}

START_TEST(attributes_are_reset)
{
	in_child(leave_traces, make_safe);
	ck_assert_int_eq(said->parent_death_signal, 0);
	ck_assert_int_eq(said->dumpable, 0);
	ck_assert_int_eq(said->personality, PER_LINUX);
}
END_TEST

static void leave_settings(void)
{
	static const unsigned long node = 1;

	prctl(PR_SET_TIMERSLACK, 4000000000UL, 0, 0, 0);
	prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	prctl(PR_MCE_KILL, PR_MCE_KILL_SET, PR_MCE_KILL_EARLY, 0, 0);
	prctl(SET_MEMORY_MERGE, 1, 0, 0, 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	syscall(SYS_set_mempolicy, MPOL_BIND, &node, 8 * sizeof(node));
	prctl(PR_SET_TSC, PR_TSC_SIGSEGV, 0, 0, 0);
}

START_TEST(settings_are_reset)
{
	int usual[SETTINGS] = { 0 };

	look_at_settings(usual);
	in_child(leave_settings, make_safe);
	for (int i = 0; i < SETTINGS; i++)
		ck_assert_msg(said->settings[i] == usual[i], "%d: %d, not %d", i, said->settings[i], usual[i]);
	ck_assert_int_eq(said->settings[TIMER_SLACK], 50000);
	ck_assert_int_le(said->settings[HUGE_PAGES_OFF], 0); /* a kernel without them knows no such setting */
}
END_TEST

START_TEST(session_keyring_is_a_new_one)
{
	long callers = session_keyring();

	in_child(NULL, make_safe);
	if (said->keyring > 0) /* else the kernel has none for us */
		ck_assert_int_ne(said->keyring, callers);
}
END_TEST

static char *hostile_environment[] = { (char[]){ "LD_PRELOAD=/tmp/x.so" },
				       (char[]){ "PATH=/tmp" },
				       (char[]){ "" },
				       (char[]){ "NOEQUALS" },
				       (char[]){ "PATH=/other" },
				       NULL };

static void set_environment(void)
{
	environ = hostile_environment;
}

static void drop_environment(void)
{
	environ = NULL;
}

/* Nothing in it counts for a library; who asks for a variable of the caller's finds it as it was. */
START_TEST(environment_is_sealed)
{
	in_child(set_environment, make_safe);
	ck_assert(said->environment_is_empty);
	ck_assert_ptr_eq(said->environment, (const char *const *)hostile_environment);
	in_child(drop_environment, make_safe);
	ck_assert(said->environment_is_empty);
	ck_assert_ptr_null(said->environment);
}
END_TEST

static void lower_limits(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = 4096;
	setrlimit(RLIMIT_FSIZE, &limit);
	getrlimit(RLIMIT_CORE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_CORE, &limit);
}

/* The limits have a test of their own; here it is that they are reset. */
START_TEST(limits_are_reset)
{
	in_child(lower_limits, make_safe);
	ck_assert_uint_eq(said->core.rlim_max, 0);
	if (said->result == 0)
		ck_assert_uint_gt(said->file_size.rlim_cur, 4096);
}
END_TEST

static void limit_files(void)
{
	said->result = process_limit_files(123, &said->error);
	look_at_process();
}

START_TEST(command_can_open_so_many_files)
{
	in_child(NULL, limit_files);
	ck_assert_int_eq(said->result, 0);
	ck_assert_uint_eq(said->files.rlim_cur, 123);
}
END_TEST

/* Whatever cannot be done, the process is not safe. */
static const struct {
	long call;
	long first_argument;
	int error_number;
	const char *what;
	bool accepted; /* a container may forbid it, and then the caller could not use it either */
} calls[] = {
	{ SYS_close_range, ANY_ARGUMENT, ENOSYS, "descriptors", false },
	{ SYS_close_range, ANY_ARGUMENT, EPERM, "descriptors", false },
	{ SYS_rt_sigprocmask, SIG_SETMASK, EINVAL, "the mask of signals", false },
	{ SYS_setitimer, ITIMER_REAL, EPERM, "timer", false },
	{ SYS_setitimer, ITIMER_VIRTUAL, EPERM, "timer", false },
	{ SYS_setitimer, ITIMER_PROF, EPERM, "timer", false },
	{ SYS_prctl, PR_SET_PDEATHSIG, EPERM, "parent-death", false },
	{ SYS_prctl, PR_SET_DUMPABLE, EPERM, "undumpable", false },
	{ SYS_personality, ANY_ARGUMENT, EINVAL, "personality", false },
	{ SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, ENOMEM, "keyring", false },
	{ SYS_personality, ANY_ARGUMENT, EPERM, "personality", true },
	{ SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, EPERM, "keyring", true },
	{ SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, ENOSYS, "keyring", true },
};

static int broken_call;

static void break_call(void)
{
	system_call_answer(calls[broken_call].call, calls[broken_call].first_argument, calls[broken_call].error_number);
}

static void only_make_safe(void)
{
	said->result = process_make_safe(&said->environment, &said->error);
}

START_TEST(failing_call_is_a_failure)
{
	broken_call = _i;
	in_child(break_call, only_make_safe);
	if (calls[_i].accepted) {
		assert_lacks(said->error.text, calls[_i].what);
		return;
	}
	ck_assert_int_eq(said->result, -1);
	assert_contains(said->error.text, calls[_i].what);
	assert_contains(said->error.text, strerror(calls[_i].error_number));
}
END_TEST

START_TEST(process_is_safe)
{
	in_child(NULL, make_safe);
	ck_assert_msg(said->result == 0, "%s", said->error.text);
}
END_TEST

/* Without /dev/null the next file opened would take the place of standard error. */
static void lose_devices(void)
{
	close_some();
	dev_log_make_empty();
}

START_TEST(closed_descriptor_without_dev_null_is_a_failure)
{
	known_file = memfd_create("known", 0);
	closed = 4;
	in_child(lose_devices, only_make_safe);
	ck_assert_int_eq(said->result, -1);
	assert_contains(said->error.text, "/dev/null");
}
END_TEST

static void fill(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, share, unshare_page);
	tcase_add_test(tcase, no_descriptor_is_inherited);
	tcase_add_loop_test(tcase, standard_descriptors_are_open, 0, 8);
	add_table_test(tcase, signals_are_reset, signal_states);
	add_table_test(tcase, command_ignores_no_signal, signal_states);
	tcase_add_test(tcase, timers_are_off);
	add_table_test(tcase, umask_is_the_usual_one, umasks);
	tcase_add_test(tcase, attributes_are_reset);
	tcase_add_test(tcase, settings_are_reset);
	tcase_add_test(tcase, session_keyring_is_a_new_one);
	tcase_add_test(tcase, environment_is_sealed);
	tcase_add_test(tcase, limits_are_reset);
	tcase_add_test(tcase, command_can_open_so_many_files);
	add_table_test(tcase, failing_call_is_a_failure, calls);
}

static void fill_as_root(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, share, unshare_page);
	tcase_add_test(tcase, process_is_safe);
	tcase_add_test(tcase, closed_descriptor_without_dev_null_is_a_failure);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("process");

	suite_add(suite, "process", fill);
	suite_add_for_root(suite, "as root", fill_as_root);
	return suite;
}

SUITE_MAIN(make_suite)
