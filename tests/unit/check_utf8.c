#include <stdint.h>

#include "base/utf8.h"
#include "suite.h"

static const struct {
	const char *bytes;
	size_t length;
	uint32_t code_point;
} valid[] = {
	{ "\0", 1, 0 },
	{ "a", 1, 'a' },
	{ "\x7f", 1, 0x7f },
	{ "\xc2\x80", 2, 0x80 },
	{ "\xc3\xa9", 2, 0xe9 },
	{ "\xdf\xbf", 2, 0x7ff },
	{ "\xe0\xa0\x80", 3, 0x800 },
	{ "\xe1\xa0\x8e", 3, 0x180e },
	{ "\xed\x9f\xbf", 3, 0xd7ff },
	{ "\xee\x80\x80", 3, 0xe000 },
	{ "\xef\xbb\xbf", 3, 0xfeff },
	{ "\xef\xbf\xbe", 3, 0xfffe },
	{ "\xef\xbf\xbf", 3, 0xffff },
	{ "\xf0\x90\x80\x80", 4, 0x10000 },
	{ "\xf0\x9f\x98\x80", 4, 0x1f600 },
	{ "\xf4\x8f\xbf\xbf", 4, 0x10ffff },
};

START_TEST(reads_a_code_point)
{
	uint32_t code_point = 0xdead;

	ck_assert_uint_eq(utf8_decode(valid[_i].bytes, valid[_i].length, &code_point), valid[_i].length);
	ck_assert_uint_eq(code_point, valid[_i].code_point);
}
END_TEST

START_TEST(does_not_read_past_a_code_point)
{
	char text[8] = { 0 };
	uint32_t code_point;

	memcpy(text, valid[_i].bytes, valid[_i].length);
	memset(text + valid[_i].length, 0x80, sizeof(text) - valid[_i].length);
	ck_assert_uint_eq(utf8_decode(text, sizeof(text), &code_point), valid[_i].length);
}
END_TEST

/* In memory of just that size, so that AddressSanitizer sees a byte read too many. */
START_TEST(refuses_what_is_cut_off)
{
	for (size_t length = 1; length < valid[_i].length; length++) {
		char *bytes = malloc(length);
		uint32_t code_point;

		memcpy(bytes, valid[_i].bytes, length);
		ck_assert_uint_eq(utf8_decode(bytes, length, &code_point), 0);
		free(bytes);
	}
}
END_TEST

static const char *const invalid[] = {
	"\x80",                 /* continuation without a lead */
	"\xbf",
	"\xc0\x80",             /* overlong zero */
	"\xc0\xaf",             /* overlong slash */
	"\xc1\xbf",
	"\xe0\x80\xaf",
	"\xe0\x9f\xbf",         /* overlong U+07FF */
	"\xf0\x80\x80\xaf",
	"\xf0\x8f\xbf\xbf",     /* overlong U+FFFF */
	"\xed\xa0\x80",         /* surrogates */
	"\xed\xaf\xbf",
	"\xed\xb2\x80",
	"\xed\xbf\xbf",
	"\xf4\x90\x80\x80",     /* U+110000 */
	"\xf5\x80\x80\x80",
	"\xf8\x88\x80\x80\x80", /* five and six bytes */
	"\xfc\x84\x80\x80\x80\x80",
	"\xfe",
	"\xff",
	"\xc3(",                /* lead without a continuation */
	"\xc3\xc3",
	"\xe2(\xa1",
	"\xe2\x82(",
	"\xe2\x82\xc2",
	"\xf0(\x8c\xbc",
	"\xf0\x9f(\x80",
	"\xf0\x9f\x98(",
};

START_TEST(refuses_bytes_that_are_no_utf8)
{
	uint32_t code_point;

	ck_assert_uint_eq(utf8_decode(invalid[_i], strlen(invalid[_i]), &code_point), 0);
}
END_TEST

static size_t encode(uint32_t code_point, char bytes[static 4])
{
	if (code_point < 0x80) {
		bytes[0] = (char)code_point;
		return 1;
	}
	if (code_point < 0x800) {
		bytes[0] = (char)(0xc0 | code_point >> 6);
		bytes[1] = (char)(0x80 | (code_point & 0x3f));
		return 2;
	}
	if (code_point < 0x10000) {
		bytes[0] = (char)(0xe0 | code_point >> 12);
		bytes[1] = (char)(0x80 | (code_point >> 6 & 0x3f));
		bytes[2] = (char)(0x80 | (code_point & 0x3f));
		return 3;
	}
	bytes[0] = (char)(0xf0 | code_point >> 18);
	bytes[1] = (char)(0x80 | (code_point >> 12 & 0x3f));
	bytes[2] = (char)(0x80 | (code_point >> 6 & 0x3f));
	bytes[3] = (char)(0x80 | (code_point & 0x3f));
	return 4;
}

START_TEST(reads_each_code_point_but_surrogates)
{
	for (uint32_t code_point = 0; code_point <= 0x10ffff; code_point++) {
		bool surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
		char bytes[4];
		size_t length = encode(code_point, bytes);
		uint32_t read = 0xdead;
		size_t wanted = surrogate ? 0 : length;

		if (utf8_decode(bytes, length, &read) != wanted || (!surrogate && read != code_point))
			ck_abort_msg("U+%04X is read as U+%04X", (unsigned)code_point, (unsigned)read);
	}
}
END_TEST

static void fill(TCase *tcase)
{
	add_table_test(tcase, reads_a_code_point, valid);
	add_table_test(tcase, does_not_read_past_a_code_point, valid);
	add_table_test(tcase, refuses_what_is_cut_off, valid);
	add_table_test(tcase, refuses_bytes_that_are_no_utf8, invalid);
	tcase_add_test(tcase, reads_each_code_point_but_surrogates);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("utf8");

	suite_add(suite, "utf8", fill);
	return suite;
}

SUITE_MAIN(make_suite)
