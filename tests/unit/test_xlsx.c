#include "agent/sheet/xlsx.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/sheet/archive.h"
#include "agent/sheet/markup.h"
#include "agent/sheet/number.h"
#include "agent/sheet/place.h"
#include "agent/sheet/styles.h"
#include "tests/support/workbook_file.h"

#define SEEN_MAX 4096u

static struct fault fault;
static struct xlsx_seen seen;
static char rows[SEEN_MAX]; /* "1:a|b\n3:c\n" */
static size_t row_count;

static enum status on_row(void *owner, const struct csv_row *row)
{
    size_t used = strlen(rows);

    (void)owner;
    row_count++;
    used +=
        (size_t)snprintf(rows + used, sizeof rows - used, "%zu:", row->number);
    for (size_t i = 0; i < row->cell_count && used < sizeof rows; i++) {
        cr_assert_eq(row->cells[i].column, i + 1);
        cr_assert_eq(strlen(row->cells[i].text), row->cells[i].size);
        used += (size_t)snprintf(rows + used, sizeof rows - used, "%s%s",
                                 i > 0 ? "|" : "", row->cells[i].text);
    }
    if (used < sizeof rows) {
        (void)snprintf(rows + used, sizeof rows - used, "\n");
    }
    return STATUS_OK;
}

/* Reads the first sheet of the file, which it closes. */
static enum status read_file(int fd)
{
    struct xlsx_reading reading = {.on_row = on_row};
    struct xlsx *xlsx = NULL;
    enum status rc;

    fault = (struct fault){.kind = FAULT_NONE};
    rows[0] = '\0';
    row_count = 0;
    rc = xlsx_open(fd, &xlsx, &fault);
    if (rc == STATUS_OK) {
        rc = xlsx_read(xlsx, xlsx_first(xlsx), &reading, &seen, &fault);
    }
    xlsx_close(&xlsx);
    cr_assert_eq(close(fd), 0);
    return rc;
}

static void expect_rows(const char *data, const char *expected)
{
    cr_assert_eq(read_file(workbook_file_sheet(data, "")), STATUS_OK, "%d %s",
                 (int)fault.kind, fault.place);
    cr_assert_str_eq(rows, expected);
}

static void expect_fault(int fd, enum fault_kind kind, const char *place)
{
    cr_assert_eq(read_file(fd), STATUS_INVALID, "not fault %d", (int)kind);
    cr_assert_eq(fault.kind, kind, "fault %d at \"%s\"", (int)fault.kind,
                 fault.place);
    cr_assert_str_eq(fault.place, place);
}

static void expect_sheet_fault(const char *data, const char *after,
                               enum fault_kind kind, const char *place)
{
    expect_fault(workbook_file_sheet(data, after), kind, place);
}

/* ---- values ---- */

Test(xlsx, cells_come_as_a_person_would_write_them)
{
    expect_rows("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Ngày</t></is>"
                "</c><c r=\"C1\"><v>12.0</v></c></row>"
                "<row r=\"3\"><c r=\"B3\" s=\"1\"><v>43164</v></c>"
                "<c r=\"C3\" s=\"1\"><v>43164.75</v></c>"
                "<c r=\"D3\"><v>1.125</v></c><c r=\"E3\"><v>1.5E6</v></c>"
                "<c r=\"F3\" t=\"b\"><v>1</v></c></row>",
                "1:Ngày||12\n3:|2018-03-05|2018-03-05|1,125|1500000|true\n");
}

/* Programs write yes as 1 or as true; a cell that says neither says nothing. */
Test(xlsx, a_yes_is_never_read_as_a_no)
{
    expect_rows("<row><c t=\"b\"><v>1</v></c><c t=\"b\"><v>true</v></c>"
                "<c t=\"b\"><v>0</v></c><c t=\"b\"><v>false</v></c>"
                "<c t=\"b\"/><c t=\"b\"><v/></c><c t=\"b\"><v>TRUE</v></c>"
                "<c t=\"b\"><v>2</v></c></row>",
                "1:true|true|false|false|||TRUE|2\n");
}

Test(xlsx, a_formula_is_what_it_came_to)
{
    expect_rows("<row><c><f>1+1</f><v>2</v></c>"
                "<c t=\"str\"><f>A1&amp;\"x\"</f><v>2x</v></c>"
                "<c t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>"
                "<c><f>NOW()</f></c><c><f>B1*2</f><v/></c>"
                "<c t=\"str\"><f>IF(A1,\"\",1)</f><v></v></c></row>",
                "1:2|2x|#DIV/0!|=NOW()|=B1*2\n");
}

Test(xlsx, shared_texts_have_their_parts_together_and_no_reading_aids)
{
    cr_assert_eq(
        read_file(workbook_file_shared(
            "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>1</v></c>"
            "<c r=\"B2\" t=\"s\"><v>0</v></c></row>",
            "<si><t>một</t></si><si><r><t>h</t></r><r><rPr/><t>ai</t></r>"
            "<rPh sb=\"0\" eb=\"1\"><t>NO</t></rPh></si>",
            0)),
        STATUS_OK);
    cr_assert_str_eq(rows, "2:hai|một\n");
}

Test(xlsx, days_are_counted_by_the_system_of_the_workbook)
{
    char text[NUMBER_TEXT_MAX];

    cr_assert_eq(read_file(workbook_file_shared(
                     "<row><c s=\"1\"><v>41702</v></c></row>", "", 1)),
                 STATUS_OK);
    cr_assert_str_eq(rows, "1:2018-03-05\n");
    number_write("61", true, false, text);
    cr_assert_str_eq(text, "1900-03-01");
    number_write("60", true, false, text); /* a day that never was */
    cr_assert_str_eq(text, "60");
    number_write("2958465", true, false, text);
    cr_assert_str_eq(text, "9999-12-31");
    number_write("2958466", true, false, text);
    cr_assert_str_eq(text, "2958466");
    number_write("0", true, true, text);
    cr_assert_str_eq(text, "1904-01-01");
    number_write("1e999", true, false, text);
    cr_assert_str_eq(text, "1e999");
}

Test(xlsx, a_format_with_a_year_a_month_or_a_day_makes_a_day)
{
    static const char *const days[] = {"dd/mm/yyyy", "D-M-YY", "mmm",
                                       "[$-42A]dd/mm/yyyy;@", "yyyy\"năm\""};
    static const char *const others[] = {"General", "0.00",  "#,##0 \"đồng\"",
                                         "h:mm:ss", "mm:ss", "[Red]0",
                                         "\\d0",    "0_d",   "@",
                                         "[h]:mm",  "0;dd"};

    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        cr_expect(styles_shows_day(days[i]), "%s", days[i]);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        cr_expect(!styles_shows_day(others[i]), "%s", others[i]);
    }
}

Test(xlsx, places_are_read_and_written)
{
    size_t row, column;
    char text[PLACE_MAX];

    cr_assert(place_read("XFD1048576", &row, &column));
    cr_assert_eq(row, PLACE_ROWS_MAX);
    cr_assert_eq(column, PLACE_COLUMNS_MAX);
    cr_assert(!place_read("XFE1", &row, &column));
    cr_assert(!place_read("A1048577", &row, &column));
    cr_assert(!place_read("A", &row, &column));
    cr_assert(!place_read("1", &row, &column));
    cr_assert(!place_read("a1", &row, &column));
    place_write(5, 28, text);
    cr_assert_str_eq(text, "AB5");
}

Test(xlsx, names_may_have_a_prefix)
{
    static const struct workbook_part parts[] = {
        {"xl/workbook.xml",
         "<x:workbook xmlns:x=\"m\" xmlns:r=\"r\"><x:sheets><x:sheet "
         "name=\"A\" state=\"hidden\" r:id=\"a\"/><x:sheet name=\"B\" "
         "r:id=\"b\"/></x:sheets></x:workbook>",
         0},
        {"xl/_rels/workbook.xml.rels",
         "<Relationships><Relationship Id=\"b\" Target=\"/xl/any.xml\"/>"
         "</Relationships>",
         0},
        {"xl/any.xml",
         "<x:worksheet xmlns:x=\"m\"><x:sheetData><x:row hidden=\"1\"><x:c>"
         "<x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>",
         0},
    };

    cr_assert_eq(read_file(workbook_file_of(parts, 3, 0)), STATUS_OK);
    cr_assert_str_eq(rows, "1:7\n");
    cr_assert_eq(seen.hidden_rows, 1);
}

/* ---- what is refused ---- */

Test(xlsx, what_is_no_workbook_is_told_apart)
{
    char bytes[600] = "\xd0\xcf\x11\xe0";

    expect_fault(workbook_file_bytes(bytes, sizeof bytes), FAULT_OLD_OR_LOCKED,
                 "");
    memcpy(bytes, "a;b\n", 4);
    expect_fault(workbook_file_bytes(bytes, sizeof bytes), FAULT_NOT_A_WORKBOOK,
                 "");
    memcpy(bytes, "PK\3\4", 4);
    expect_fault(workbook_file_bytes(bytes, sizeof bytes), FAULT_DAMAGED, "");
    expect_fault(
        workbook_file_of((const struct workbook_part[]){{"a.txt", "text", 0}},
                         1, 0),
        FAULT_PART_MISSING, "xl/workbook.xml");
}

Test(xlsx, merged_cells_are_refused_with_their_place)
{
    expect_sheet_fault("<row><c><v>1</v></c></row>",
                       "<mergeCells count=\"1\"><mergeCell ref=\"A3:B4\"/>"
                       "</mergeCells>",
                       FAULT_MERGED, "A3:B4");
}

Test(xlsx, what_is_out_of_place_is_refused_with_its_place)
{
    expect_sheet_fault("<row r=\"2\"/><row r=\"2\"/>", "", FAULT_ROW_ORDER,
                       "3");
    expect_sheet_fault("<row r=\"1048577\"/>", "", FAULT_ROW_ORDER, "1");
    expect_sheet_fault("<row r=\"2\"><c r=\"B2\"/><c r=\"B2\"/></row>", "",
                       FAULT_CELL_PLACE, "C2");
    expect_sheet_fault("<row r=\"2\"><c r=\"B3\"/></row>", "", FAULT_CELL_PLACE,
                       "A2");
    expect_sheet_fault("<c r=\"A1\"><v>1</v></c>", "", FAULT_CELL_PLACE, "A0");
    expect_sheet_fault("<row><c t=\"s\"><v>0</v></c></row>", "",
                       FAULT_STRING_INDEX, "A1");
    expect_sheet_fault("<row><c></row>", "", FAULT_XML,
                       "xl/worksheets/sheet1.xml");
}

Test(xlsx, i11_columns_and_bytes_of_a_row_have_a_bound)
{
    static char data[1u << 19];
    size_t used = 0;

    expect_rows("<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"XFD1\" s=\"1\"/>"
                "</row>",
                "1:1\n");
    expect_sheet_fault("<row r=\"4\"><c r=\"DY4\"><v>1</v></c></row>", "",
                       FAULT_MANY_COLUMNS, "DY4");
    cr_assert_eq(read_file(workbook_file_sheet(
                     "<row r=\"4\"><c r=\"DX4\"><v>1</v></c></row>", "")),
                 STATUS_OK);
    used = (size_t)snprintf(data, sizeof data, "<row r=\"9\">");
    for (int i = 0; i < 17; i++) { /* 4,096 bytes each */
        used += (size_t)snprintf(
            data + used, sizeof data - used,
            "<c t=\"inlineStr\"><is><t>%04096d</t></is></c>", i);
    }
    (void)snprintf(data + used, sizeof data - used, "</row>");
    expect_sheet_fault(data, "", FAULT_LONG_ROW, "9");
}

Test(xlsx, i11_there_are_no_entities)
{
    static const struct workbook_part parts[] = {
        {"xl/workbook.xml",
         "<!DOCTYPE w [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b "
         "\"&a;&a;&a;&a;\">]><workbook><sheets/>&b;</workbook>",
         0}};

    expect_fault(workbook_file_of(parts, 1, 0), FAULT_DOCTYPE,
                 "xl/workbook.xml");
}

Test(xlsx, i11_depth_names_and_tags_have_a_bound)
{
    static char deep[1u << 20];
    size_t used = 0;

    for (unsigned i = 0; i < MARKUP_DEPTH_MAX - 1; i++) {
        used += (size_t)snprintf(deep + used, sizeof deep - used, "<a>");
    }
    for (unsigned i = 0; i < MARKUP_DEPTH_MAX - 1; i++) {
        used += (size_t)snprintf(deep + used, sizeof deep - used, "</a>");
    }
    cr_assert_eq(read_file(workbook_file_sheet("", deep)), STATUS_OK);
    memmove(deep + 3, deep, used);
    memcpy(deep, "<a>", 3);
    (void)snprintf(deep + used + 3, 5, "</a>");
    expect_sheet_fault("", deep, FAULT_DEEP, "xl/worksheets/sheet1.xml");
    used = 0;
    for (unsigned i = 0; i <= MARKUP_NAMES_MAX; i++) {
        used += (size_t)snprintf(deep + used, sizeof deep - used, "<n%u/>", i);
    }
    expect_sheet_fault("", deep, FAULT_MANY_NAMES, "xl/worksheets/sheet1.xml");
    (void)snprintf(deep, sizeof deep, "<a b=\"%0300000d\"/>", 7);
    expect_sheet_fault("", deep, FAULT_LONG_WORD, "xl/worksheets/sheet1.xml");
    (void)snprintf(deep, sizeof deep, "<a%0300d/>", 7);
    expect_sheet_fault("", deep, FAULT_LONG_WORD, "xl/worksheets/sheet1.xml");
}

Test(xlsx, i11_parts_have_a_bound)
{
    static const struct workbook_part part = {"a", "b", 0};

    expect_fault(workbook_file_of(&part, 1, ARCHIVE_PARTS_MAX),
                 FAULT_MANY_PARTS, "");
    expect_fault(workbook_file_of(&part, 1, ARCHIVE_PARTS_MAX - 1),
                 FAULT_PART_MISSING, "xl/workbook.xml");
}

/* A few kilobytes that become eight megabytes. */
Test(xlsx, i11_a_part_that_grows_too_much_is_refused)
{
    size_t size = (size_t)8 << 20;
    char *blanks = malloc(size);
    struct workbook_part part = {"xl/workbook.xml", blanks, size};

    cr_assert_not_null(blanks);
    memset(blanks, ' ', size);
    memcpy(blanks, "<workbook>", 10);
    memcpy(blanks + size - 11, "</workbook>", 11);
    expect_fault(workbook_file_of(&part, 1, 0), FAULT_BOMB, "xl/workbook.xml");
    free(blanks);
}

/* Wherever the file ends, there is a reason and no row is made up. */
Test(xlsx, a_file_that_is_cut_anywhere_is_refused)
{
    char bytes[8192];
    int fd = workbook_file_sheet("<row><c><v>1</v></c></row>", "");
    ssize_t size = pread(fd, bytes, sizeof bytes, 0);

    cr_assert_gt(size, 22);
    cr_assert_lt(size, (ssize_t)sizeof bytes);
    cr_assert_eq(close(fd), 0);
    for (size_t end = 0; end < (size_t)size; end += 7) {
        cr_assert_eq(read_file(workbook_file_bytes(bytes, end)), STATUS_INVALID,
                     "%zu", end);
        cr_assert_neq(fault.kind, FAULT_NONE, "%zu", end);
    }
}

Test(xlsx, every_fault_has_its_sentence)
{
    char text[FAULT_TEXT_MAX];

    for (int kind = 0; kind < FAULT_END; kind++) {
        struct fault one = {.kind = (enum fault_kind)kind, .place = "B2"};

        for (int language = LANGUAGE_VI; language <= LANGUAGE_EN; language++) {
            fault_write(&one, (enum language)language, text);
            cr_assert(strncmp(text, "B2: ", 4) == 0 && strlen(text) > 8, "%d",
                      kind);
        }
    }
}
