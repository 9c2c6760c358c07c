#ifndef PSW_UTF8_H
#define PSW_UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * Reads one code point from bytes, which must hold at least one byte.  Returns
 * how many bytes it takes and stores it in *code_point, or 0 where Python's
 * strict decoder would fail: overlong forms, surrogates, above U+10FFFF, cut off.
 */
size_t utf8_decode(const char *bytes, size_t length, uint32_t *code_point);

#endif
