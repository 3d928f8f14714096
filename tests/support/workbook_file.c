#include "tests/support/workbook_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "common/base/check.h"

#define MAIN \
    "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define TEXT_MAX (1u << 20)

/* A name below the folder for what passes. */
static void make_path(char path[64])
{
    int fd;

    (void)snprintf(path, 64, "/tmp/tallyline-book-XXXXXX");
    fd = mkstemp(path);
    check(fd >= 0);
    check(close(fd) == 0);
}

static void add(zip_t *zip, const char *name, const char *text, size_t size)
{
    zip_source_t *source = zip_source_buffer(zip, text, size, 0);

    check(source != NULL);
    check(zip_file_add(zip, name, source, 0) >= 0);
}

int workbook_file_of(const struct workbook_part parts[], size_t count,
                     size_t extra)
{
    char path[64];
    int why = 0;
    int fd;
    zip_t *zip;

    make_path(path);
    zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &why);
    check(zip != NULL);
    for (size_t i = 0; i < count; i++) {
        add(zip, parts[i].name, parts[i].text,
            parts[i].size > 0 ? parts[i].size : strlen(parts[i].text));
    }
    for (size_t i = 0; i < extra; i++) {
        char name[32];

        (void)snprintf(name, sizeof name, "extra/%zu", i);
        add(zip, name, "", 0);
    }
    check(zip_close(zip) == 0);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    check(fd >= 0);
    check(unlink(path) == 0);
    return fd;
}

static int make(const char *data, const char *after, const char *strings,
                int from_1904)
{
    static char sheet[TEXT_MAX];
    static char texts[TEXT_MAX];
    char book[1024];
    struct workbook_part parts[] = {
        {"xl/workbook.xml", book, 0},
        {"xl/_rels/workbook.xml.rels",
         "<Relationships><Relationship Id=\"rId1\" "
         "Target=\"worksheets/sheet1.xml\"/></Relationships>",
         0},
        {"xl/styles.xml",
         "<styleSheet " MAIN "><numFmts><numFmt numFmtId=\"164\" "
         "formatCode=\"DD/MM/YYYY\"/></numFmts><cellStyleXfs><xf "
         "numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf "
         "numFmtId=\"164\"/></cellXfs></styleSheet>",
         0},
        {"xl/sharedStrings.xml", texts, 0},
        {"xl/worksheets/sheet1.xml", sheet, 0},
    };

    (void)snprintf(book, sizeof book,
                   "<workbook " MAIN " xmlns:r=\"r\"><workbookPr "
                   "date1904=\"%d\"/><sheets><sheet name=\"Số liệu\" "
                   "sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
                   from_1904);
    check((size_t)snprintf(texts, sizeof texts, "<sst " MAIN ">%s</sst>",
                           strings) < sizeof texts);
    check((size_t)snprintf(sheet, sizeof sheet,
                           "<worksheet " MAIN "><sheetData>%s</sheetData>%s"
                           "</worksheet>",
                           data, after) < sizeof sheet);
    return workbook_file_of(parts, sizeof parts / sizeof parts[0], 0);
}

int workbook_file_sheet(const char *data, const char *after)
{
    return make(data, after, "", 0);
}

int workbook_file_shared(const char *data, const char *strings, int from_1904)
{
    return make(data, "", strings, from_1904);
}

int workbook_file_bytes(const void *bytes, size_t size)
{
    char path[64];
    int fd;

    make_path(path);
    fd = open(path, O_RDWR | O_CLOEXEC);
    check(fd >= 0);
    check(write(fd, bytes, size) == (ssize_t)size);
    check(unlink(path) == 0);
    return fd;
}
