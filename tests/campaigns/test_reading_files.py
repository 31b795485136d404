"""Files as they come from the wild: read whole, or refused in words; never half."""

from __future__ import annotations

import codecs

import pytest

from campaigns.importing.problems import BadFile
from campaigns.importing.rows import read_rows
from campaigns.importing.sniff import sniff

pytestmark = pytest.mark.unit
TEXT = "Name,Phone,City\nZoë King,(212) 555-0101,Orléans\nBo Lee,305 555 0102,Miami\n"


@pytest.fixture
def look(tmp_path):
    def at(content):
        path = tmp_path / "file.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        found = sniff(path)
        return found, list(read_rows(path, found.shape))

    return at


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-32"), "utf-32"),
        (TEXT.encode("cp1252"), "cp1252"),
    ],
)
def test_every_usual_encoding_is_told_from_the_content(look, content, encoding):
    found, rows = look(content)
    assert found.shape.encoding == encoding
    assert found.columns == ["Name", "Phone", "City"]
    assert [row.cells[0] for row in rows] == ["Zoë King", "Bo Lee"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_every_line_end_is_read_also_cr_alone(look, end, last):
    content = TEXT.replace("\n", end)
    _, rows = look(content if last else content.removesuffix(end))
    assert [row.cells[2] for row in rows] == ["Orléans", "Miami"]
    assert [(row.number, row.line) for row in rows] == [(1, 2), (2, 3)]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_separator_is_told_from_the_rows(look, mark):
    found, rows = look(TEXT.replace(",", mark))
    assert found.shape.delimiter == mark
    assert len(rows[0].cells) == 3


def test_a_separator_inside_quotes_does_not_mislead(look):
    found, rows = look('Name;Phone\n"King, Ada, Dr";2125550101\n"Lee, Bo, Mr";3055550102\n')
    assert found.shape.delimiter == ";"
    assert rows[0].cells == ["King, Ada, Dr", "2125550101"]


def test_a_value_may_run_over_lines(look):
    _, rows = look('Phone,Notes\n2125550101,"first\nsecond"\n3055550102,x\n')
    assert [(row.cells[1], row.line, row.lines) for row in rows] == [("first\nsecond", 2, 2), ("x", 4, 1)]


def test_headers_that_repeat_or_are_empty_get_names_of_their_own(look):
    found, _ = look("Phone,phone,,Name\n2125550101,3055550102,x,Ada\n")
    assert found.columns == ["Phone", "phone (2)", "Column 3", "Name"]


def test_a_file_without_a_header_loses_no_row(look):
    found, rows = look("Ada,2125550101\nBo,3055550102\n")
    assert found.columns == ["Column 1", "Column 2"]
    assert [row.cells[0] for row in rows] == ["Ada", "Bo"]


def test_empty_lines_above_the_header_are_no_rows(look):
    found, rows = look("\n\n" + TEXT)
    assert found.columns[0] == "Name"
    assert [row.number for row in rows] == [1, 2]


BAD = {
    "empty": (b"", "empty"),
    "only blanks": (b" \n\r\n\n ", "empty"),
    "only separators": (b",,\n,,\n", "only empty lines"),
    "only a header": (b"Name,Phone\n", "no rows below"),
    "workbook": (b"PK\x03\x04" + b"x" * 400, "Excel workbook"),
    "old workbook": (b"\xd0\xcf\x11\xe0" + b"x" * 400, "old Excel"),
    "pdf": (b"%PDF-1.7\n", "PDF"),
    "gzip": (b"\x1f\x8b\x08" + b"x" * 99, "compressed"),
    "web page": (b"\n <!DOCTYPE html><table>", "web page"),
    "cut utf-16": (TEXT.encode("utf-16") + b"\x00", "not whole UTF-16"),
    "no known encoding": (
        b"Name,Phone\n" + b"\x81\x8d\x8f" * 20 + b",2125550101\n",
        "encoding cannot be told",
    ),
    "binary": (b"Name,Phone\n" + bytes(range(128, 256)) * 4, "encoding cannot be told"),
    "a million columns": (b"Phone" + b"," * 1_000_000 + b"\n2125550101\n", "columns|longer than a million"),
    "600 columns": (b"Phone" + b",x" * 600 + b"\n2125550101\n", "more than 512 columns"),
    "a huge field": (b"Phone,Notes\n2125550101," + b"x" * 100_000 + b"\n", "line 2 is longer than"),
    "a huge line": (b"Phone,Notes\n2125550101," + b"x,y" * 700_000 + b"\n", "longer than a million|columns"),
    "a quote that swallows the rest": (
        b'Phone,Notes\n2125550101,"oops\n3055550102,b\n3055550103,c\n',
        "line 2 is never",
    ),
    "a quote that swallows very much": (
        b'Phone,Notes\n2125550101,"oops\n' + b"3055550102,b\n" * 5000 + b'3055550103,"c"\n',
        "line 2 is never",
    ),
}


@pytest.mark.parametrize(("content", "words"), BAD.values(), ids=BAD.keys())
def test_a_file_that_cannot_be_trusted_is_refused_in_words(look, content, words):
    with pytest.raises(BadFile, match=words):
        look(content)
