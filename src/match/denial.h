#ifndef PSW_DENIAL_H
#define PSW_DENIAL_H

#include "base/strbuf.h"
#include "match/decision.h"
#include "request/request.h"

/*
 * Appends what the caller is told of a denial, in the words of oslo.rootwrap, with
 * what is known besides.  The caller's words are quoted, so that none can move a
 * terminal's cursor; no text of a policy file is in it.
 */
void denial_append_message(struct strbuf *text, const struct request *request, const struct decision *decision);

#endif
