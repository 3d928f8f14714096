#include "common/base/findings.h"

#include <stdarg.h>

static const struct listing_column columns[] = {
    {"check", {"Mục", "Check"}, LISTING_LEFT},
    {"state", {"Kết quả", "State"}, LISTING_LEFT},
    {"text", {"Nội dung", "Text"}, LISTING_LEFT},
    {"advice", {"Việc cần làm", "Advice"}, LISTING_LEFT},
    {"title", {"Tên mục", "Title"}, LISTING_LEFT},
};

static const char *const tokens[] = {"good", "note", "bad"};

/* Of one width, so that the checks stand below each other. */
static const struct language_text words[] = {
    {"tốt  ", "good"}, {"lưu ý", "note"}, {"LỖI  ", "BAD "}};

enum status findings_open(enum listing_format format, enum language language,
                          FILE *out, struct findings *findings)
{
    *findings =
        (struct findings){.format = format, .language = language, .out = out};
    if (format == LISTING_TEXT) {
        return STATUS_OK;
    }
    return listing_open(format, language, columns,
                        sizeof columns / sizeof columns[0], out,
                        &findings->listing);
}

static void put_text(const struct findings *findings,
                     const struct findings_check *check,
                     enum findings_state state, const char *text,
                     const char *advice)
{
    (void)fprintf(findings->out, "%s  %s: %s\n",
                  language_pick(words[state], findings->language),
                  language_pick(check->title, findings->language), text);
    if (advice != NULL) {
        (void)fprintf(findings->out, "       -> %s\n", advice);
    }
    (void)fflush(findings->out);
}

static void put_row(const struct findings *findings,
                    const struct findings_check *check,
                    enum findings_state state, const char *text,
                    const char *advice)
{
    listing_text(findings->listing, check->token);
    listing_text(findings->listing, tokens[state]);
    listing_text(findings->listing, text);
    if (advice != NULL) {
        listing_text(findings->listing, advice);
    } else {
        listing_none(findings->listing);
    }
    listing_text(findings->listing,
                 language_pick(check->title, findings->language));
}

void findings_add(struct findings *findings, const struct findings_check *check,
                  enum findings_state state, const struct language_text *advice,
                  const char *vi, const char *en, ...)
{
    const char *what = NULL;
    char text[FINDINGS_TEXT_MAX];
    va_list values;

    va_start(values, en);
    (void)vsnprintf(text, sizeof text,
                    findings->language == LANGUAGE_EN ? en : vi, values);
    va_end(values);
    if (advice != NULL) {
        what = language_pick(*advice, findings->language);
    }
    findings->bad = findings->bad || state == FINDINGS_BAD;
    if (findings->listing != NULL) {
        put_row(findings, check, state, text, what);
    } else {
        put_text(findings, check, state, text, what);
    }
}

enum status findings_close(struct findings *findings)
{
    enum status rc = STATUS_OK;

    if (findings->listing != NULL) {
        rc = listing_close(&findings->listing);
    } else if (fflush(findings->out) != 0 || ferror(findings->out) != 0) {
        rc = STATUS_IO;
    }
    return rc != STATUS_OK || !findings->bad ? rc : STATUS_REFUSED;
}
