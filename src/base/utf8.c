#include "base/utf8.h"

#include <stdbool.h>

static size_t sequence_length(unsigned char lead)
{
	if (lead < 0x80)
		return 1;
	if (lead >= 0xc2 && lead <= 0xdf)
		return 2;
	if (lead >= 0xe0 && lead <= 0xef)
		return 3;
	if (lead >= 0xf0 && lead <= 0xf4)
		return 4;
	return 0;
}

static bool is_allowed(uint32_t code_point, size_t length)
{
	if (length == 3)
		return code_point >= 0x800 && (code_point < 0xd800 || code_point > 0xdfff);
	if (length == 4)
		return code_point >= 0x10000 && code_point <= 0x10ffff;
	return true;
}

size_t utf8_decode(const char *bytes, size_t length, uint32_t *code_point)
{
	unsigned char lead = (unsigned char)bytes[0];
	size_t needed = sequence_length(lead);
	uint32_t value;

	if (needed == 0 || needed > length)
		return 0;
	value = needed == 1 ? lead : lead & (0xffU >> (needed + 1));
	for (size_t i = 1; i < needed; i++) {
		unsigned char next = (unsigned char)bytes[i];

		if ((next & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (next & 0x3fU);
	}
	if (!is_allowed(value, needed))
		return 0;
	*code_point = value;
	return needed;
}
