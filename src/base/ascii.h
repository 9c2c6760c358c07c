#ifndef PSW_ASCII_H
#define PSW_ASCII_H

#include <stdbool.h>

/* As isdigit(3), isxdigit(3) and isalnum(3) in the C locale, for any char, whatever the locale. */
bool ascii_is_digit(char c);
bool ascii_is_hex_digit(char c);
bool ascii_is_letter_or_digit(char c);

/* Of a hexadecimal digit; anything else has none. */
unsigned ascii_hex_value(char c);

#endif
