#include "base/ascii.h"

#include <ctype.h>
#include <limits.h>

#include "suite.h"

/* In the C locale, which a test has: isalnum(3) and the others say the same, but for bytes above ASCII they may not. */
START_TEST(bytes_are_what_the_c_locale_says)
{
	for (int i = CHAR_MIN; i <= CHAR_MAX; i++) {
		char c = (char)i;
		int byte = (unsigned char)c;

		ck_assert_int_eq(ascii_is_digit(c), byte < 0x80 && isdigit(byte));
		ck_assert_int_eq(ascii_is_hex_digit(c), byte < 0x80 && isxdigit(byte));
		ck_assert_int_eq(ascii_is_letter_or_digit(c), byte < 0x80 && isalnum(byte));
	}
}
END_TEST

START_TEST(hexadecimal_digits_have_their_value)
{
	static const char lower[] = "0123456789abcdef";
	static const char upper[] = "0123456789ABCDEF";

	for (unsigned i = 0; i < 16; i++) {
		ck_assert_uint_eq(ascii_hex_value(lower[i]), i);
		ck_assert_uint_eq(ascii_hex_value(upper[i]), i);
	}
}
END_TEST

static void fill(TCase *tcase)
{
	tcase_add_test(tcase, bytes_are_what_the_c_locale_says);
	tcase_add_test(tcase, hexadecimal_digits_have_their_value);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("ascii");

	suite_add(suite, "ascii", fill);
	return suite;
}

SUITE_MAIN(make_suite)
