#include "common/base/language.h"

#include <stdlib.h>
#include <string.h>

bool language_parse(const char *name, enum language *language)
{
    if (strcmp(name, "vi") == 0) {
        *language = LANGUAGE_VI;
        return true;
    }
    if (strcmp(name, "en") == 0) {
        *language = LANGUAGE_EN;
        return true;
    }
    return false;
}

enum language language_from_environment(void)
{
    enum language language = LANGUAGE_VI;
    const char *name = getenv("TALLYLINE_LANG");

    if (name != NULL) {
        (void)language_parse(name, &language);
    }
    return language;
}

const char *language_pick(struct language_text text, enum language language)
{
    return language == LANGUAGE_EN ? text.en : text.vi;
}
