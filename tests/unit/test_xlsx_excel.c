/* Workbooks as Excel writes them: the parts, names and attributes that it is
 * known for. Excel itself is not here; what the test holds is that each is
 * read, or refused with its place. */
#include "agent/sheet/xlsx.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/sheet/styles.h"
#include "tests/support/workbook_file.h"

#define MAIN \
    "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" "
#define STRICT "xmlns=\"http://purl.oclc.org/ooxml/spreadsheetml/main\" "
#define RELATIONS                                                     \
    "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006" \
    "/relationships\" "
#define NEWER                                                               \
    "xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/"    \
    "2006\" mc:Ignorable=\"x14ac xr xr2\" xmlns:x14ac=\"http://schemas."    \
    "microsoft.com/office/spreadsheetml/2009/9/ac\" xmlns:xr=\"http://"     \
    "schemas.microsoft.com/office/spreadsheetml/2014/revision\" xr:uid=\"{" \
    "00000000-0001-0000-0000-000000000000}\""
#define TYPE                                                 \
    "http://schemas.openxmlformats.org/officeDocument/2006/" \
    "relationships/"
#define HEAD                                    \
    "<?xml version=\"1.0\" encoding=\"UTF-8\" " \
    "standalone=\"yes\"?>\r\n"
#define ROWS_MAX  4096u
#define PARTS_MAX 16u

static struct fault fault;
static char rows[ROWS_MAX]; /* "1:a|b\n3:c\n" */

static enum status on_row(void *owner, const struct csv_row *row)
{
    size_t used = strlen(rows);

    (void)owner;
    used +=
        (size_t)snprintf(rows + used, sizeof rows - used, "%zu:", row->number);
    for (size_t i = 0; i < row->cell_count; i++) {
        used += (size_t)snprintf(rows + used, sizeof rows - used, "%s%s",
                                 i > 0 ? "|" : "", row->cells[i].text);
    }
    (void)snprintf(rows + used, sizeof rows - used, "\n");
    return STATUS_OK;
}

/* ---- a workbook of Excel's ---- */

struct book {
    const char *workbook, *relations, *styles, *texts, *sheet;
};

static const char workbook_part[] = HEAD
    "<workbook " MAIN RELATIONS NEWER
    "><fileVersion appName=\"xl\" lastEdited=\"7\" lowestEdited=\"7\" "
    "rupBuild=\"22228\"/><workbookPr defaultThemeVersion=\"166925\"/>"
    "<mc:AlternateContent><mc:Choice Requires=\"x15\"><x15ac:absPath "
    "url=\"D:\\\" xmlns:x15ac=\"http://schemas.microsoft.com/office/"
    "spreadsheetml/2010/11/ac\"/></mc:Choice></mc:AlternateContent>"
    "<xr:revisionPtr revIDLastSave=\"0\" documentId=\"8_{0}\"/><bookViews>"
    "<workbookView xWindow=\"0\" yWindow=\"0\" activeTab=\"0\"/></bookViews>"
    "<sheets><sheet name=\"Nhập liệu\" sheetId=\"3\" r:id=\"rId1\"/><sheet "
    "name=\"danh_muc\" sheetId=\"2\" state=\"veryHidden\" r:id=\"rId2\"/>"
    "</sheets><definedNames><definedName name=\"_xlnm._FilterDatabase\" "
    "localSheetId=\"0\" hidden=\"1\">'Nhập liệu'!$A$1:$C$9</definedName>"
    "</definedNames><calcPr calcId=\"191029\"/><extLst><ext uri=\"{1}\"/>"
    "</extLst></workbook>";

static const char relations_part[] = HEAD
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/"
    "relationships\"><Relationship Id=\"rId6\" Type=\"" TYPE
    "calcChain\" Target=\"calcChain.xml\"/><Relationship Id=\"rId3\" "
    "Type=\"" TYPE
    "theme\" Target=\"theme/theme1.xml\"/><Relationship Id=\"rId2\" "
    "Type=\"" TYPE "worksheet\" Target=\"worksheets/sheet2.xml\"/>"
    "<Relationship Id=\"rId1\" Type=\"" TYPE
    "worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId5\" "
    "Type=\"" TYPE "sharedStrings\" Target=\"sharedStrings.xml\"/>"
    "<Relationship Id=\"rId4\" Type=\"" TYPE
    "styles\" Target=\"styles.xml\"/></Relationships>";

/* Styles: 1 short date, 2 a date of the country, 3 a date with a time, 4 an
 * amount, 5 text, 6 hours. */
static const char styles_part[] = HEAD
    "<styleSheet " MAIN NEWER "><numFmts count=\"4\"><numFmt numFmtId=\"164\" "
    "formatCode=\"[$-42A]dd/mm/yyyy;@\"/><numFmt numFmtId=\"165\" "
    "formatCode=\"dd\\/mm\\/yyyy\\ hh:mm\"/><numFmt numFmtId=\"166\" "
    "formatCode=\"_-* #,##0\\ &quot;đồng&quot;_-;\\-* #,##0_-;_-* "
    "&quot;-&quot;??_-;_-@_-\"/><numFmt numFmtId=\"167\" "
    "formatCode=\"[h]:mm:ss;@\"/></numFmts><fonts count=\"1\"><font><sz "
    "val=\"11\"/></font></fonts><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" "
    "fontId=\"0\"/></cellStyleXfs><cellXfs count=\"7\"><xf numFmtId=\"0\"/>"
    "<xf numFmtId=\"14\" applyNumberFormat=\"1\"/><xf numFmtId=\"164\"/><xf "
    "numFmtId=\"165\"/><xf numFmtId=\"166\"/><xf numFmtId=\"49\"/><xf "
    "numFmtId=\"167\"/></cellXfs><cellStyles count=\"1\"><cellStyle "
    "name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles><dxfs "
    "count=\"1\"><dxf><numFmt numFmtId=\"19\" formatCode=\"dd/mm\"/></dxf>"
    "</dxfs></styleSheet>";

static const char texts_part[] = HEAD
    "<sst " MAIN "count=\"9\" uniqueCount=\"7\"><si><t>Ngày</t></si><si><t "
    "xml:space=\"preserve\"> Mua dâm </t></si><si><r><rPr><b/><sz val=\"11\"/>"
    "<rFont val=\"Calibri\"/></rPr><t xml:space=\"preserve\">Bán </t></r><r>"
    "<rPr><i/></rPr><t>dâm</t></r></si><si><t>課</t><rPh sb=\"0\" eb=\"1\"><t>"
    "カ</t></rPh><phoneticPr fontId=\"1\"/></si><si><t/></si><si><t>hai_x000D_"
    "\ndòng_x005F_x000D_</t></si><si/></sst>";

static enum status read_book(const struct book *book)
{
    static const char empty[] = HEAD "<x/>";
    const struct workbook_part parts[PARTS_MAX] = {
        {"[Content_Types].xml", empty, 0},
        {"_rels/.rels", empty, 0},
        {"docProps/app.xml", empty, 0},
        {"docProps/core.xml", empty, 0},
        {"xl/calcChain.xml", empty, 0},
        {"xl/theme/theme1.xml", empty, 0},
        {"xl/printerSettings/printerSettings1.bin", "\1\2", 0},
        {"xl/worksheets/sheet2.xml", empty, 0},
        {"xl/workbook.xml", book->workbook ? book->workbook : workbook_part, 0},
        {"xl/_rels/workbook.xml.rels",
         book->relations ? book->relations : relations_part, 0},
        {"xl/styles.xml", book->styles ? book->styles : styles_part, 0},
        {"xl/sharedStrings.xml", book->texts ? book->texts : texts_part, 0},
        {"xl/worksheets/sheet1.xml", book->sheet, 0}};
    struct xlsx_reading reading = {.on_row = on_row};
    struct xlsx_seen seen;
    struct xlsx *xlsx = NULL;
    int fd = workbook_file_of(parts, 13, 0);
    enum status rc;

    fault = (struct fault){.kind = FAULT_NONE};
    rows[0] = '\0';
    rc = xlsx_open(fd, &xlsx, &fault);
    if (rc == STATUS_OK) {
        rc = xlsx_read(xlsx, xlsx_first(xlsx), &reading, &seen, &fault);
    }
    xlsx_close(&xlsx);
    cr_assert_eq(close(fd), 0);
    return rc;
}

/* A sheet as Excel has it around its data, whose extent it often has wrong. */
#define SHEET(DATA)                                                            \
    HEAD                                                                       \
        "<worksheet " MAIN RELATIONS NEWER "><sheetPr codeName=\"Sheet1\"/>"   \
        "<dimension ref=\"A1\"/><sheetViews><sheetView tabSelected=\"1\" "     \
        "workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" "          \
        "state=\"frozen\"/><selection pane=\"bottomLeft\" activeCell=\"C4\"/>" \
        "</sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"15\" "     \
        "x14ac:dyDescent=\"0.25\"/><cols><col min=\"1\" max=\"16384\" "        \
        "width=\"9\"/></cols><sheetData>" DATA                                 \
        "</sheetData><sheetProtection sheet=\"1\"/><autoFilter "               \
        "ref=\"A1:C9\" xr:uid=\"{2}\"/><phoneticPr fontId=\"1\"/>"             \
        "<conditionalFormatting sqref=\"A1\"><cfRule type=\"expression\">"     \
        "<formula>A1=1</formula></cfRule></conditionalFormatting>"             \
        "<dataValidations count=\"1\"><dataValidation sqref=\"B2:B9\">"        \
        "<formula1>danh_muc!$A$1:$A$9</formula1></dataValidation>"             \
        "</dataValidations><legacyDrawing r:id=\"rId2\"/>"                     \
        "<mc:AlternateContent><mc:Choice Requires=\"x14\"><controls>"          \
        "<anchor><from><xdr:col xmlns:xdr=\"d\">1</xdr:col><xdr:row "          \
        "xmlns:xdr=\"d\">9</xdr:row></from></anchor></controls></mc:Choice>"   \
        "</mc:AlternateContent><extLst><ext uri=\"{3}\"><x14:f "               \
        "xmlns:x14=\"x\">1</x14:f></ext></extLst></worksheet>"

static void expect(const struct book *book, const char *expected)
{
    cr_assert_eq(read_book(book), STATUS_OK, "%d \"%s\"", (int)fault.kind,
                 fault.place);
    cr_assert_str_eq(rows, expected);
}

static void expect_sheet(const char *sheet, const char *expected)
{
    expect(&(struct book){.sheet = sheet}, expected);
}

/* ---- what is read ---- */

Test(xlsx_excel, texts_have_runs_blanks_and_reading_aids)
{
    expect_sheet(
        SHEET("<row r=\"1\" spans=\"1:4\" x14ac:dyDescent=\"0.25\"><c r=\"A1\" "
              "t=\"s\"><v>0</v></c><c r=\"B1\" s=\"5\" t=\"s\"><v>1</v></c>"
              "<c r=\"C1\" t=\"s\"><v>2</v></c><c r=\"D1\" t=\"s\"><v>3</v>"
              "</c></row><row r=\"2\" spans=\"1:4\" ht=\"30\" "
              "customHeight=\"1\"><c r=\"A2\" t=\"s\"><v>4</v></c><c r=\"B2\" "
              "t=\"s\"><v>6</v></c><c r=\"C2\" t=\"s\"><v>0</v></c></row>"),
        "1:Ngày| Mua dâm |Bán dâm|課\n2:||Ngày\n");
}

Test(xlsx_excel, characters_that_xml_has_not_are_written_out)
{
    expect_sheet(SHEET("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>5</v></c><c "
                       "r=\"B1\" t=\"str\"><f>CHAR(13)</f><v>a_x000D_b</v></c>"
                       "<c r=\"C1\" t=\"inlineStr\"><is><t>_x0041_ _x00_ "
                       "_xD800_ _x0001_</t></is></c></row>"),
                 "1:hai\r\ndòng_x000D_|a\rb|A _x00_ _xD800_ _x0001_\n");
}

Test(xlsx_excel, days_are_told_by_their_style)
{
    expect_sheet(
        SHEET("<row r=\"2\"><c r=\"A2\" s=\"1\"><v>43164</v></c><c r=\"B2\" "
              "s=\"2\"><v>43164</v></c><c r=\"C2\" s=\"3\">"
              "<v>43164.604166666664</v></c><c r=\"D2\" s=\"4\"><v>750000</v>"
              "</c><c r=\"E2\" s=\"5\"><v>12</v></c><c r=\"F2\" s=\"6\">"
              "<v>1.5</v></c><c r=\"G2\" s=\"99\"><v>7</v></c></row>"),
        "2:2018-03-05|2018-03-05|2018-03-05|750000|12|1,5|7\n");
    cr_assert(styles_shows_day("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy"));
    cr_assert(styles_shows_day("[Magenta]mmm"));
    cr_assert(!styles_shows_day("[Magenta]0"));
}

Test(xlsx_excel, days_may_be_of_the_other_system)
{
    static const char book[] = HEAD
        "<workbook " MAIN RELATIONS "><workbookPr date1904=\"true\"/><sheets>"
        "<sheet name=\"A\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";

    expect(&(struct book){.workbook = book,
                          .sheet = SHEET("<row r=\"1\"><c r=\"A1\" s=\"1\">"
                                         "<v>41702</v></c></row>")},
           "1:2018-03-05\n");
}

Test(xlsx_excel, formulas_are_what_they_came_to)
{
    expect_sheet(
        SHEET("<row r=\"1\"><c r=\"A1\"><f t=\"shared\" ref=\"A1:B1\" "
              "si=\"0\">C1*2</f><v>4</v></c><c r=\"B1\"><f t=\"shared\" "
              "si=\"0\"/><v>6</v></c><c r=\"C1\" t=\"str\"><f t=\"array\" "
              "ref=\"C1\">D1&amp;\"\"</f><v>x</v></c><c r=\"D1\" t=\"b\"><f>"
              "1=1</f><v>1</v></c><c r=\"E1\" t=\"e\"><f>NA()</f><v>#N/A</v>"
              "</c><c r=\"F1\" t=\"str\" cm=\"1\"><f>IF(1,\"\")</f><v></v>"
              "</c></row>"),
        "1:4|6|x|true|#N/A\n");
}

Test(xlsx_excel, rows_and_cells_may_not_say_where_they_are)
{
    expect_sheet(SHEET("<row><c><v>1</v></c><c r=\"C1\"><v>3</v></c><c><v>4"
                       "</v></c></row><row r=\"5\"><c><v>5</v></c></row><row>"
                       "<c/><c><v>6</v></c></row><row r=\"1048576\"/>"),
                 "1:1||3|4\n5:5\n6:|6\n");
}

Test(xlsx_excel, the_strict_form_has_other_names_and_days_in_words)
{
    static const char book[] = HEAD
        "<workbook " STRICT "xmlns:r=\"http://purl.oclc.org/ooxml/"
        "officeDocument/relationships\" conformance=\"strict\"><workbookPr "
        "dateCompatibility=\"0\"/><sheets><sheet name=\"A\" sheetId=\"1\" "
        "r:id=\"rId1\"/></sheets></workbook>";
    static const char relations[] = HEAD
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/"
        "2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://purl."
        "oclc.org/ooxml/officeDocument/relationships/worksheet\" "
        "Target=\"worksheets/sheet1.xml\"/></Relationships>";
    static const char sheet[] = HEAD
        "<worksheet " STRICT "><sheetData><row r=\"1\"><c r=\"A1\" s=\"1\" "
        "t=\"d\"><v>2018-03-05</v></c><c r=\"B1\" s=\"1\" t=\"d\">"
        "<v>2018-03-05T00:00:00.000</v></c><c r=\"C1\" t=\"d\">"
        "<v>2018-03-05T14:30:00Z</v></c></row></sheetData></worksheet>";

    expect(&(struct book){.workbook = book,
                          .relations = relations,
                          .sheet = sheet},
           "1:2018-03-05|2018-03-05|2018-03-05\n");
}

/* Parts stand where the relations say, from the root or from the folder. */
Test(xlsx_excel, parts_may_be_called_otherwise)
{
    static const char relations[] = HEAD
        "<Relationships><Relationship Id=\"rId1\" Type=\"" TYPE
        "worksheet\" Target=\"/xl/worksheets/sheet1.xml\"/><Relationship "
        "Id=\"rId4\" Type=\"" TYPE "styles\" Target=\"/xl/theme/theme1.xml\"/>"
        "<Relationship Id=\"rId5\" Type=\"" TYPE
        "sharedStrings\" Target=\"calcChain.xml\"/></Relationships>";

    /* The theme, in whose place it stands, is not one; nor are there texts. */
    cr_assert_eq(
        read_book(&(struct book){
            .relations = relations,
            .sheet = SHEET("<row r=\"1\"><c r=\"A1\" s=\"1\"><v>43164</v></c>"
                           "</row><row r=\"2\"><c r=\"B2\" t=\"s\"><v>0</v>"
                           "</c></row>")}),
        STATUS_INVALID);
    cr_assert_str_eq(rows, "1:43164\n");
    cr_assert_eq(fault.kind, FAULT_STRING_INDEX);
    cr_assert_str_eq(fault.place, "B2");
}

/* A chart on a sheet of its own has no rows, and stands where somebody has
 * dragged it. */
Test(xlsx_excel, a_sheet_of_a_chart_is_passed_over)
{
    static const char book[] =
        HEAD "<workbook " MAIN RELATIONS "><sheets><sheet name=\"Biểu đồ\" "
             "sheetId=\"1\" r:id=\"rId2\"/><sheet name=\"A\" sheetId=\"2\" "
             "r:id=\"rId1\"/></sheets></workbook>";
    static const char relations[] =
        HEAD "<Relationships><Relationship Id=\"rId2\" Type=\"" TYPE
             "chartsheet\" Target=\"worksheets/sheet2.xml\"/><Relationship "
             "Id=\"rId1\" Type=\"" TYPE
             "worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";

    expect(&(struct book){.workbook = book,
                          .relations = relations,
                          .sheet = SHEET("<row><c><v>1</v></c></row>")},
           "1:1\n");
}

/* ---- what is refused ---- */

Test(xlsx_excel, what_is_not_there_is_refused_with_its_place)
{
    static const char nowhere[] =
        HEAD "<Relationships><Relationship Id=\"rId1\" Type=\"" TYPE
             "worksheet\" Target=\"worksheets/sheet9.xml\"/></Relationships>";

    cr_assert_eq(
        read_book(&(struct book){.relations = nowhere, .sheet = SHEET("")}),
        STATUS_INVALID);
    cr_assert_eq(fault.kind, FAULT_PART_MISSING);
    cr_assert_str_eq(fault.place, "Nhập liệu");
    cr_assert_eq(read_book(&(struct book){
                     .sheet = SHEET("<row r=\"3\"><c r=\"B3\" t=\"s\"><v>7</v>"
                                    "</c></row>")}),
                 STATUS_INVALID);
    cr_assert_eq(fault.kind, FAULT_STRING_INDEX);
    cr_assert_str_eq(fault.place, "B3");
}
