#ifndef PSW_PRIVSEP_H
#define PSW_PRIVSEP_H

#include "base/strbuf.h"
#include "request/request.h"

/*
 * Appends the filter line that allows exactly this command of oslo.privsep's
 * helper, and nothing else; nothing where an argument is not UTF-8, which no
 * pattern matches.
 */
void privsep_append_filter(struct strbuf *buffer, const struct request *request);

#endif
