#include "report/json_record.h"

#include "entries.h"

#define ID "\"id\":\"77aa01d2c3f4\""
#define BEGIN(kind) "{\"record\":\"" kind "\"," ID

static const struct {
	const char *message;
	const char *entry;
} records[] = {
	{ BEGIN("allow") ",\"user\":\"app\",\"uid\":1001,\"auid\":null,\"argc\":3,\"cmd\":[\"ip\",\"link\",\"show\"]}",
	  "allow 77aa01d2c3f4 user=app uid=1001 auid=NULL argc=3 1/1 [ip link show]" },
	{ BEGIN("deny") ",\"user\":\"-\",\"reason\":\"no-match\",\"argc\":3,\"cmd\":[\"rm\",\"\",\"/x y\"]}",
	  "deny 77aa01d2c3f4 user=- reason=no-match argc=3 1/1 [rm '' '/x y']" },
	{ BEGIN("error") ",\"reason\":\"bad-config\",\"mode\":\"0775\",\"argc\":1,\"cmd\":[\"ls\"]}",
	  "error 77aa01d2c3f4 reason=bad-config mode=0775 argc=1 1/1 [ls]" },
	{ BEGIN("exit") ",\"filter\":\"ip\",\"status\":0,\"signal\":null,\"ms\":6}",
	  "exit 77aa01d2c3f4 filter=ip status=0 signal=NULL ms=6 1/1 []" },
	/* bytes */
	{ BEGIN("allow") ",\"argc\":2,\"cmd\":[\"\\udcff\\u00e9\",\"\\ud83d\\ude00\\u000a\"]}",
	  "allow 77aa01d2c3f4 argc=2 1/1 [$'\\377\\303\\251' $'\\360\\237\\230\\200\\012']" },
	/* what others may make of it */
	{ " { \"cmd\" : [ \"\xc3\xa9\" ] , \"argc\" : 1 , " ID " , \"record\" : \"allow\" } ",
	  "allow 77aa01d2c3f4 argc=1 1/1 [$'\\303\\251']" },
	{ BEGIN("allow") ",\"claims\":[\"user\",\"uid\"],\"a\":[],\"b\":true,\"c\":false,\"argc\":1,\"cmd\":[\"ls\"]}",
	  "allow 77aa01d2c3f4 claims=user,uid a='' b=true c=false argc=1 1/1 [ls]" },
	{ BEGIN("deny") ",\"reason\":\"too-long\",\"bytes\":300000,\"argc\":9,\"cmd\":[\"ls\",\"a\"]}",
	  "deny 77aa01d2c3f4 reason=too-long bytes=300000 argc=9 1/1 [ls a]" },
	{ BEGIN("allow") ",\"argc\":9,\"part\":1,\"parts\":3,\"cmd\":[\"ls\",\"a b\"]}",
	  "allow 77aa01d2c3f4 argc=9 1/3 [ls 'a b']" },
	{ BEGIN("allow") ",\"argc\":9,\"part\":1,\"parts\":3,\"cmd\":[]}", "allow 77aa01d2c3f4 argc=9 1/3 []" },
	{ BEGIN("more") ",\"part\":2,\"parts\":5,\"continues\":true,\"cmd\":[\"ooo\",\"next\"]}",
	  "more 77aa01d2c3f4 2/5 [...ooo next]" },
	{ BEGIN("more") ",\"part\":2,\"parts\":5,\"continues\":false,\"cmd\":[\"ooo\"]}",
	  "more 77aa01d2c3f4 2/5 [ooo]" },
	{ BEGIN("more") ",\"part\":2,\"parts\":4294967295,\"cmd\":[\"ooo\"]}", "more 77aa01d2c3f4 2/4294967295 [ooo]" },
};

START_TEST(reads_a_record)
{
	struct entry entry;

	ck_assert(json_record_read(records[_i].message, &entries_arena, &entry));
	ck_assert_str_eq(entries_show(&entry), records[_i].entry);
	ck_assert_int_eq(entry.time, ENTRY_NO_TIME);
}
END_TEST

static const char *const faulty[] = {
	"",
	"{}",
	"[]",
	"null",
	"\"allow\"",
	"{\"record\":\"allow\",\"argc\":1,\"cmd\":[\"ls\"]}",
	"{" ID ",\"argc\":1,\"cmd\":[\"ls\"]}",
	"{\"record\":null," ID ",\"argc\":1,\"cmd\":[\"ls\"]}",
	"{\"record\":[\"allow\"]," ID ",\"argc\":1,\"cmd\":[\"ls\"]}",
	"{\"record\":\"allow\",\"id\":null,\"argc\":1,\"cmd\":[\"ls\"]}",
	"{\"record\":\"allow\",\"id\":123456789012,\"id\":\"77aa01d2c3f4\",\"argc\":1,\"cmd\":[\"ls\"]}",
	"{\"record\":\"allow\",\"id\":\"77aa01d2c3f4 \",\"argc\":1,\"cmd\":[\"ls\"]}",
	BEGIN("hello") ",\"argc\":1,\"cmd\":[\"ls\"]}",
	BEGIN("allow") ",\"argc\":1,\"cmd\":[\"ls\"]",
	BEGIN("allow") ",\"argc\":1,\"cmd\":[\"ls\"",
	BEGIN("allow") ",\"argc\":1,\"cmd\":[\"ls\"]}}",
	BEGIN("allow") ",\"argc\":1}",
	BEGIN("allow") ",\"argc\":1,\"cmd\":null}",
	BEGIN("allow") ",\"argc\":1,\"cmd\":\"ls\"}",
	BEGIN("allow") ",\"argc\":1,\"cmd\":{\"a\":\"ls\"}}",
	BEGIN("allow") ",\"argc\":1,\"cmd\":[1]}",
	BEGIN("allow") ",\"argc\":1,\"cmd\":[null]}",
	BEGIN("allow") ",\"argc\":1,\"cmd\":[[\"ls\"]]}",
	BEGIN("allow") ",\"argc\":1,\"cmd\":[\"l\\u0000s\"]}",
	BEGIN("allow") ",\"argc\":1,\"cmd\":[]}",
	BEGIN("allow") ",\"argc\":1,\"cmd\":[\"ls\",\"-l\"]}",
	BEGIN("allow") ",\"argc\":null,\"cmd\":[\"ls\"]}",
	BEGIN("allow") ",\"argc\":1.0,\"cmd\":[\"ls\"]}",
	BEGIN("allow") ",\"argc\":-1,\"cmd\":[\"ls\"]}",
	BEGIN("allow") ",\"cmd\":[\"ls\"]}",
	BEGIN("deny") ",\"argc\":1,\"cmd\":[\"ls\"]}",
	/* which of the two would it be? */
	BEGIN("allow") ",\"argc\":1,\"cmd\":[\"ls\"],\"cmd\":[\"rm\"]}",
	BEGIN("allow") ",\"record\":\"allow\",\"argc\":1,\"cmd\":[\"ls\"]}",
	BEGIN("allow") "," ID ",\"argc\":1,\"cmd\":[\"ls\"]}",
	BEGIN("allow") ",\"uid\":0,\"uid\":0,\"argc\":1,\"cmd\":[\"ls\"]}",
	BEGIN("allow") ",\"user\":{},\"argc\":1,\"cmd\":[\"ls\"]}",
	BEGIN("allow") ",\"claims\":[1],\"argc\":1,\"cmd\":[\"ls\"]}",
	BEGIN("allow") ",\"claims\":[[\"a\"]],\"argc\":1,\"cmd\":[\"ls\"]}",
	BEGIN("allow") ",\"\":1,\"argc\":1,\"cmd\":[\"ls\"]}",
	BEGIN("allow") ",\"a b\":1,\"argc\":1,\"cmd\":[\"ls\"]}",
	BEGIN("allow") ",\"\\u001b\":1,\"argc\":1,\"cmd\":[\"ls\"]}",
	BEGIN("exit") ",\"filter\":\"ip\",\"status\":0,\"signal\":null,\"ms\":6,\"cmd\":[]}",
	BEGIN("exit") ",\"filter\":\"ip\",\"status\":0,\"signal\":null}",
	BEGIN("exit") ",\"filter\":\"ip\",\"status\":0,\"signal\":null,\"ms\":6,\"part\":1,\"parts\":2}",
	BEGIN("more") ",\"cmd\":[\"ls\"]}",
	BEGIN("more") ",\"part\":2,\"cmd\":[\"ls\"]}",
	BEGIN("more") ",\"parts\":2,\"cmd\":[\"ls\"]}",
	BEGIN("more") ",\"part\":1,\"parts\":2,\"cmd\":[\"ls\"]}",
	BEGIN("more") ",\"part\":3,\"parts\":2,\"cmd\":[\"ls\"]}",
	BEGIN("more") ",\"part\":2,\"parts\":4294967296,\"cmd\":[\"ls\"]}",
	BEGIN("more") ",\"part\":\"2\",\"parts\":2,\"cmd\":[\"ls\"]}",
	BEGIN("more") ",\"part\":2e0,\"parts\":2,\"cmd\":[\"ls\"]}",
	BEGIN("more") ",\"part\":2,\"parts\":2,\"continues\":1,\"cmd\":[\"ls\"]}",
	BEGIN("more") ",\"part\":2,\"parts\":2,\"continues\":null,\"cmd\":[\"ls\"]}",
	BEGIN("more") ",\"part\":2,\"parts\":2,\"uid\":0,\"cmd\":[\"ls\"]}",
	BEGIN("allow") ",\"argc\":1,\"part\":1,\"parts\":2,\"continues\":true,\"cmd\":[\"ls\"]}",
	BEGIN("allow") ",\"argc\":1,\"part\":2,\"parts\":2,\"cmd\":[\"ls\"]}",
	BEGIN("allow") ",\"argc\":1,\"part\":1,\"cmd\":[\"ls\"]}",
};

START_TEST(refuses_what_we_do_not_write)
{
	struct entry entry;

	ck_assert(!json_record_read(faulty[_i], &entries_arena, &entry));
}
END_TEST

static void fill(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, NULL, entries_teardown);
	add_table_test(tcase, reads_a_record, records);
	add_table_test(tcase, refuses_what_we_do_not_write, faulty);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("json_record");

	suite_add(suite, "json record", fill);
	return suite;
}

SUITE_MAIN(make_suite)
