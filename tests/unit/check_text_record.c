#include "report/text_record.h"

#include "entries.h"

#define ID "id=77aa01d2c3f4"

static const struct {
	const char *message;
	const char *entry;
} records[] = {
	{ "allow " ID " user=app uid=1001 auid=- tty=pts/0 cwd=/ argc=3 cmd=ip link show",
	  "allow 77aa01d2c3f4 user=app uid=1001 auid=NULL tty=pts/0 cwd=/ argc=3 1/1 [ip link show]" },
	{ "deny " ID " user='a b' reason=no-match argc=3 cmd=rm -rf '/x y'",
	  "deny 77aa01d2c3f4 user='a b' reason=no-match argc=3 1/1 [rm -rf '/x y']" },
	{ "error " ID " reason=bad-config detail=$'it\\'s \\\\ \\012' mode=0775 argc=1 cmd=''",
	  "error 77aa01d2c3f4 reason=bad-config detail=$'it\\'s \\\\ \\012' mode=0775 argc=1 1/1 ['']" },
	{ "exit " ID " filter=ip status=0 signal=- ms=6",
	  "exit 77aa01d2c3f4 filter=ip status=0 signal=NULL ms=6 1/1 []" },
	{ "exit " ID " filter='' status=- signal=KILL ms=6",
	  "exit 77aa01d2c3f4 filter='' status=NULL signal=KILL ms=6 1/1 []" },
	/* a hyphen that is quoted is one */
	{ "exit " ID " filter='-' status=- signal=-- ms=6",
	  "exit 77aa01d2c3f4 filter=- status=NULL signal=-- ms=6 1/1 []" },
	/* nothing in a value or in the command is a key */
	{ "deny " ID " user=' uid=0 cmd=ls' uid=7 reason=x argc=2 cmd=ls uid=0",
	  "deny 77aa01d2c3f4 user=' uid=0 cmd=ls' uid=7 reason=x argc=2 1/1 [ls uid=0]" },
	{ "deny " ID " user=$'\\' uid=0 cmd=ls' reason=x argc=2 cmd=ls cmd=x",
	  "deny 77aa01d2c3f4 user=$'\\' uid=0 cmd=ls' reason=x argc=2 1/1 [ls cmd=x]" },
	{ "deny " ID " user='a'$'\\''' b'c reason=x argc=1 cmd=$'\\377'",
	  "deny 77aa01d2c3f4 user=$'a\\' bc' reason=x argc=1 1/1 [$'\\377']" },
	{ "deny " ID " user='$'x reason=x argc=1 cmd=ls", "deny 77aa01d2c3f4 user='$x' reason=x argc=1 1/1 [ls]" },
	{ "deny " ID " user='\\' reason=x argc=1 cmd=ls", "deny 77aa01d2c3f4 user='\\' reason=x argc=1 1/1 [ls]" },
	{ "allow " ID " claims=user,uid new=1 argc=1 cmd=ls",
	  "allow 77aa01d2c3f4 claims=user,uid new=1 argc=1 1/1 [ls]" },
	/* the beginning of a command that is too long */
	{ "deny " ID " reason=too-long bytes=300000 tail=z argc=9 cmd=ls a",
	  "deny 77aa01d2c3f4 reason=too-long bytes=300000 tail=z argc=9 1/1 [ls a]" },
	{ "allow " ID " argc=9 part=1/3 cmd=ls 'a b'", "allow 77aa01d2c3f4 argc=9 1/3 [ls 'a b']" },
	{ "allow " ID " argc=9 part=1/3 cmd=", "allow 77aa01d2c3f4 argc=9 1/3 []" },
	{ "more " ID " part=2/3 cmd= c d", "more 77aa01d2c3f4 2/3 [c d]" },
	{ "more " ID " part=2/3 cmd=c d", "more 77aa01d2c3f4 2/3 [...c d]" },
	{ "more " ID " part=3/3 cmd=$'\\303' ''", "more 77aa01d2c3f4 3/3 [...$'\\303' '']" },
	{ "more " ID " part=3/3 cmd=", "more 77aa01d2c3f4 3/3 []" },
	{ "more " ID " part=2/4294967295 cmd= c", "more 77aa01d2c3f4 2/4294967295 [c]" },
};

START_TEST(reads_a_record)
{
	struct entry entry;

	ck_assert(text_record_read(records[_i].message, &entries_arena, &entry));
	ck_assert_str_eq(entries_show(&entry), records[_i].entry);
	ck_assert_int_eq(entry.time, ENTRY_NO_TIME);
}
END_TEST

static const char *const faulty[] = {
	"",
	"allow",
	"allow ",
	"hello " ID " argc=1 cmd=ls",
	"ALLOW " ID " argc=1 cmd=ls",
	"allow  " ID " argc=1 cmd=ls",
	"allow argc=1 cmd=ls",
	"allow id= argc=1 cmd=ls",
	"allow id=- argc=1 cmd=ls",
	"allow id=77aa01d2c3f argc=1 cmd=ls",
	"allow id=77aa01d2c3f44 argc=1 cmd=ls",
	"allow id=77AA01D2C3F4 argc=1 cmd=ls",
	"allow " ID " " ID " argc=1 cmd=ls",
	"allow " ID " uid=1 uid=0 argc=1 cmd=ls",
	/* cut */
	"allow " ID " argc=1",
	"allow " ID " argc=1 ",
	"allow " ID " argc=1 cm",
	"allow " ID " argc=1 cmd",
	"allow " ID " argc=1 cmd=",
	"allow " ID " argc=2 cmd=ls",
	"allow " ID " argc=2 cmd=ls 'a",
	"allow " ID " argc=2 cmd=ls $'a\\01",
	"allow " ID " user='a argc=1 cmd=ls",
	"exit " ID " filter=ip status=0 signal=-",
	"exit " ID " filter=ip status=0 signal=- ms=",
	"exit " ID " filter=ip status=0 signal=- ms",
	/* changed */
	"allow " ID " argc=1 cmd=ls -l",
	"allow " ID " argc=x cmd=ls",
	"allow " ID " argc=- cmd=ls",
	"allow " ID " argc=4294967297 cmd=ls",
	"allow " ID " cmd=ls",
	"deny " ID " argc=1 cmd=ls",
	"error " ID " argc=1 cmd=ls",
	"deny " ID " reason=too-long argc=1 cmd=ls -l",
	"deny " ID " reason=too-long argc=1 cmd=",
	"allow " ID " user=a'b argc=1 cmd=ls",
	"allow " ID " user= argc=1 cmd=ls",
	"allow " ID " user=a;b argc=1 cmd=ls",
	"allow " ID " user=#012 argc=1 cmd=ls",
	"allow " ID " User=a argc=1 cmd=ls",
	"allow " ID " =a argc=1 cmd=ls",
	"allow " ID " a'b=a argc=1 cmd=ls",
	"allow " ID " abcdefghijklmnopqrstuvwxyzabcdefg=a argc=1 cmd=ls",
	"allow " ID " argc=1  cmd=ls",
	"allow " ID "\targc=1 cmd=ls",
	"allow " ID " argc=2 cmd=ls\tx",
	"allow " ID " argc=2 cmd=ls '\x1b'",
	"allow " ID " argc=2 cmd=ls '\xc3\xa9'",
	"allow " ID " argc=2 cmd=ls '\x7f'",
	"allow " ID " argc=1 cmd=$(ls)",
	"exit " ID " filter=ip status=0 signal=- ms=6 cmd=ls",
	"exit " ID " filter=ip status=0 signal=- ms=6 part=1/2",
	/* parts */
	"more " ID " cmd=ls",
	"more " ID " part=1/2 cmd=ls",
	"more " ID " part=0/2 cmd=ls",
	"more " ID " part=3/2 cmd=ls",
	"more " ID " part=2/2",
	"more " ID " part=2/2 argc=1 cmd=ls",
	"more " ID " uid=0 part=2/2 cmd=ls",
	"more " ID " part=2/4294967296 cmd=ls",
	"more " ID " part=4294967298/4294967299 cmd=ls",
	"more " ID " part=2 cmd=ls",
	"more " ID " part=2/ cmd=ls",
	"more " ID " part=/2 cmd=ls",
	"more " ID " part=+2/3 cmd=ls",
	"more " ID " part=2/2/2 cmd=ls",
	"more " ID " part=- cmd=ls",
	"more " ID " part=2/3 part=2/3 cmd=ls",
	"more " ID " part=2/3 parts=3 cmd=ls",
	"allow " ID " argc=1 part=2/2 cmd=ls",
	"allow " ID " argc=1 part=0/0 cmd=ls",
	"allow " ID " argc=1 part=1/0 cmd=ls",
};

START_TEST(refuses_what_we_do_not_write)
{
	struct entry entry;

	ck_assert(!text_record_read(faulty[_i], &entries_arena, &entry));
}
END_TEST

START_TEST(keys_are_bounded)
{
	CLEANUP(strbuf_free) struct strbuf text = { 0 };
	struct entry entry;

	strbuf_append_string(&text, "allow " ID " argc=1");
	for (int i = 0; i < 1000; i++)
		strbuf_append_format(&text, " %c%c=1", 'a' + i / 26 % 26, 'a' + i % 26);
	strbuf_append_string(&text, " cmd=ls");
	ck_assert(!text_record_read(strbuf_text(&text), &entries_arena, &entry));
}
END_TEST

static void fill(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, NULL, entries_teardown);
	add_table_test(tcase, reads_a_record, records);
	add_table_test(tcase, refuses_what_we_do_not_write, faulty);
	tcase_add_test(tcase, keys_are_bounded);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("text_record");

	suite_add(suite, "text record", fill);
	return suite;
}

SUITE_MAIN(make_suite)
