/* Capital letters, one code point at a time: Vietnamese has no letter whose
 * capital is two. */
#include "common/base/text.h"

#include <string.h>
#include <utf8proc.h>

#define CODE_POINT_BYTES 4u

void text_to_upper(const char *text, char *out, size_t room)
{
    const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text;
    utf8proc_ssize_t left = (utf8proc_ssize_t)strlen(text);
    size_t used = 0;

    while (left > 0 && used + CODE_POINT_BYTES < room) {
        utf8proc_int32_t point = 0;
        utf8proc_ssize_t size = utf8proc_iterate(at, left, &point);

        if (size <= 0) {
            break;
        }
        used += (size_t)utf8proc_encode_char(utf8proc_toupper(point),
                                             (utf8proc_uint8_t *)out + used);
        at += size;
        left -= size;
    }
    out[used] = '\0';
}
