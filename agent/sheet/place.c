#include "agent/sheet/place.h"

#include <stdio.h>
#include <string.h>

#define LETTERS 26u

void place_letters(size_t column, char out[PLACE_LETTERS_MAX])
{
    size_t i = PLACE_LETTERS_MAX - 1;

    out[i] = '\0';
    for (size_t left = column; left > 0 && i > 0; left = (left - 1) / LETTERS) {
        out[--i] = (char)('A' + (left - 1) % LETTERS);
    }
    memmove(out, out + i, PLACE_LETTERS_MAX - i);
}

void place_write(size_t row, size_t column, char out[PLACE_MAX])
{
    char letters[PLACE_LETTERS_MAX] = "";

    if (column > 0) {
        place_letters(column, letters);
    }
    (void)snprintf(out, PLACE_MAX, "%s%zu", letters, row);
}

bool place_read(const char *text, size_t *row, size_t *column)
{
    const char *at = text;

    *row = *column = 0;
    for (; *at >= 'A' && *at <= 'Z'; at++) {
        *column = *column * LETTERS + (size_t)(*at - 'A') + 1;
        if (*column > PLACE_COLUMNS_MAX) {
            return false;
        }
    }
    for (; *at >= '0' && *at <= '9'; at++) {
        *row = *row * 10 + (size_t)(*at - '0');
        if (*row > PLACE_ROWS_MAX) {
            return false;
        }
    }
    return *at == '\0' && *row > 0 && *column > 0;
}
