#include "common/base/csv.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* All rows as text: cells between brackets with their place, a line a row. */
struct seen {
    char text[4096];
    size_t rows;
    size_t stop_at; /* row number at which the owner refuses; 0: never */
};

static enum status take(void *owner, const struct csv_row *row)
{
    struct seen *seen = owner;
    size_t used = strlen(seen->text);

    seen->rows++;
    cr_assert_eq(row->number, seen->rows);
    for (size_t i = 0; i < row->cell_count && used < sizeof seen->text; i++) {
        const struct csv_cell *cell = &row->cells[i];

        cr_assert_eq(strlen(cell->text), cell->size);
        used += (size_t)snprintf(seen->text + used, sizeof seen->text - used,
                                 "[%s@%zu:%zu]", cell->text, cell->line,
                                 cell->column);
    }
    (void)snprintf(seen->text + used, sizeof seen->text - used, "\n");
    return seen->stop_at == row->number ? STATUS_REFUSED : STATUS_OK;
}

/* Reads the text in pieces of every size; all must give the same. */
static void expect(const char *text, const char *rows)
{
    size_t size = strlen(text);

    for (size_t piece = 1; piece <= size + 1; piece++) {
        struct seen seen = {0};
        struct csv *csv = NULL;

        cr_assert_eq(csv_new(take, &seen, &csv), STATUS_OK);
        for (size_t at = 0; at < size; at += piece) {
            struct bytes bytes = {.data = (const uint8_t *)text + at,
                                  .size =
                                      size - at < piece ? size - at : piece};

            cr_assert_eq(csv_feed(csv, bytes), STATUS_OK);
        }
        cr_assert_eq(csv_finish(csv), STATUS_OK);
        cr_assert_str_eq(seen.text, rows, "pieces of %zu: %s", piece,
                         seen.text);
        csv_free(&csv);
    }
}

static void expect_fault(struct bytes text, enum csv_fault_kind kind,
                         size_t line, size_t column)
{
    struct seen seen = {0};
    struct csv_fault fault;

    cr_assert_eq(csv_read(text, take, &seen, &fault), STATUS_INVALID);
    cr_assert_eq(fault.kind, kind);
    cr_assert_eq(fault.line, line, "line %zu", fault.line);
    cr_assert_eq(fault.column, column, "column %zu", fault.column);
    for (int language = 0; language < LANGUAGE_COUNT; language++) {
        cr_assert_gt(
            strlen(csv_fault_text(fault.kind, (enum language)language)), 10);
    }
}

Test(csv, cells_come_with_their_line_and_column)
{
    expect("a,b,c\n1,,3\n", "[a@1:1][b@1:3][c@1:5]\n[1@2:1][@2:3][3@2:4]\n");
    expect("đường,phố\nx,y", "[đường@1:1][phố@1:7]\n[x@2:1][y@2:3]\n");
}

Test(csv, quotes_hold_separators_line_ends_and_quotes)
{
    expect("a,b\n\"x,\"\"y\"\"\nz\",w\nv,u\n",
           "[a@1:1][b@1:3]\n[x,\"y\"\nz@2:1][w@3:4]\n[v@4:1][u@4:3]\n");
    expect("\"a;1\",b;c,d\n", "[a;1@1:1][b;c@1:7][d@1:11]\n");
}

Test(csv, the_separator_is_found_in_the_first_row)
{
    expect("a;b;c,d\n1;2\n", "[a@1:1][b@1:3][c,d@1:5]\n[1@2:1][2@2:3]\n");
    expect("ab\tcd\n1\t2\n", "[ab@1:1][cd@1:4]\n[1@2:1][2@2:3]\n");
    expect("sep=;\na,b;c\n", "[a,b@2:1][c@2:5]\n");
    expect("only\n", "[only@1:1]\n");
}

Test(csv, marks_empty_lines_and_every_line_end_are_taken)
{
    expect("\xEF\xBB\xBF"
           "aa,b\r\n\r\n1,2\r3,4\n\n",
           "[aa@1:1][b@1:4]\n[1@3:1][2@3:3]\n[3@4:1][4@4:3]\n");
    expect("", "");
    expect("\n\n", "");
    expect("a,\n,b\n", "[a@1:1][@1:3]\n[@2:1][b@2:2]\n");
}

Test(csv, a_fault_says_where_it_stands)
{
    static const uint8_t nul[] = {'a', ',', 'b', '\n', 'c', 0, '\n'};
    static const uint8_t utf16[] = {0xFF, 0xFE, 'a', 0, '\n', 0};

    expect_fault(bytes_of_text("aaa,b\nx\"y,z\n"), CSV_QUOTE_INSIDE, 2, 2);
    expect_fault(bytes_of_text("aaa,b\n\"x\"y,z\n"), CSV_AFTER_QUOTE, 2, 4);
    expect_fault(bytes_of_text("aaa,b\n\"x\n"), CSV_QUOTE_OPEN, 3, 0);
    expect_fault((struct bytes){.data = nul, .size = sizeof nul}, CSV_NUL, 2,
                 2);
    expect_fault((struct bytes){.data = utf16, .size = sizeof utf16}, CSV_UTF16,
                 1, 1);
}

Test(csv, what_the_owner_answers_ends_the_reading)
{
    struct seen seen = {.stop_at = 2};
    struct csv_fault fault;

    cr_assert_eq(
        csv_read(bytes_of_text("a,b\nc,d\ne,f\n"), take, &seen, &fault),
        STATUS_REFUSED);
    cr_assert_eq(seen.rows, 2);
    cr_assert_eq(fault.kind, CSV_NO_FAULT);
}

static enum status count_cells(void *owner, const struct csv_row *row)
{
    size_t *cells = owner;

    *cells = row->cell_count;
    return STATUS_OK;
}

Test(csv, i11_columns_and_row_bytes_are_limited)
{
    static uint8_t text[CSV_ROW_BYTES_MAX + 8];
    struct csv_fault fault;
    size_t cells = 0;

    /* "aaaaaa\n" first, so that the limit of the row itself is what holds. */
    memset(text, ',', sizeof text);
    cr_assert_eq(
        csv_read((struct bytes){.data = text, .size = CSV_COLUMNS_MAX - 1},
                 count_cells, &cells, &fault),
        STATUS_OK);
    cr_assert_eq(cells, CSV_COLUMNS_MAX);
    cr_assert_eq(csv_read((struct bytes){.data = text, .size = CSV_COLUMNS_MAX},
                          count_cells, &cells, &fault),
                 STATUS_INVALID);
    cr_assert_eq(fault.kind, CSV_MANY_COLUMNS);

    memset(text, 'a', sizeof text);
    memcpy(text, "head\n", 5);
    cr_assert_eq(
        csv_read((struct bytes){.data = text, .size = CSV_ROW_BYTES_MAX + 5},
                 count_cells, &cells, &fault),
        STATUS_OK);
    cr_assert_eq(
        csv_read((struct bytes){.data = text, .size = CSV_ROW_BYTES_MAX + 6},
                 count_cells, &cells, &fault),
        STATUS_INVALID);
    cr_assert_eq(fault.kind, CSV_LONG_ROW);
    cr_assert_eq(fault.line, 2);
}
