"""Files as registries deliver them, and files that nobody should have to take."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from compliance.lists.problems import BadFile
from compliance.lists.reading import source
from compliance.lists.reading.delivered import Tally, read_numbers
from compliance.lists.reading.reader import Reader
from compliance.lists.reading.source import Source

pytestmark = pytest.mark.unit

US = Reader("US", only=True)
ANY = Reader("US", only=False)
UK = Reader("GB", only=True)
FIRST, SECOND = 12125550101, 13135550102


def zipped(*members, **options):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


@pytest.fixture
def read(deliver):
    """The numbers of a file with this content, with their signs if it has any, and the tally."""

    def numbers_of(content, reader=US):
        tally, numbers, signs = Tally(), [], []
        with Source(deliver(content)) as delivered:
            for batch in read_numbers(delivered, reader, tally):
                numbers += batch.numbers.tolist()
                signs += [] if batch.added is None else batch.added.tolist()
        return numbers, signs, tally

    return numbers_of


@pytest.mark.parametrize(
    "content",
    [
        b"2125550101\n3135550102\n",
        b"2125550101\r\n3135550102\r\n",
        b"2125550101\r3135550102\r",
        b"212,5550101\n313,5550102\n",
        b"12125550101\n13135550102",
        b"+12125550101\n+13135550102\n",
        b"(212) 555-0101\n313.555.0102\n",
        b'"2125550101"\n"3135550102"\n',
        b"\xef\xbb\xbf2125550101\n\n3135550102\n",
        b"phone\n2125550101\n3135550102\n",
        b'name,Phone,city\n"Smith, J",212-555-0101,"New York"\nLee,3135550102,Troy\n',
        b"id;telephone\n7;2125550101\n8;3135550102\n",
        b"a\t2125550101\nb\t3135550102\n",
        gzip.compress(b"2125550101\n3135550102\n", mtime=0),
        zipped(("list.txt", b"2125550101\n3135550102\n")),
        zipped(
            ("a/../../../b.txt", b"2125550101\n"), ("c/", b""), ("__MACOSX/x", b"\0"), ("d", b"3135550102")
        ),
    ],
)
def test_common_forms_are_read(read, content):
    assert read(content)[0] == [FIRST, SECOND]


def test_a_change_file_of_the_ftc_says_what_was_added_and_deleted(read):
    numbers, signs, _ = read(b"212,5550101,2026-11-20,A\n313,5550102,2026-11-20,D\n")
    assert (numbers, signs) == ([FIRST, SECOND], [True, False])


def test_numbers_of_several_countries_may_stand_on_an_own_list(read):
    assert read(b"+442079460018\n2125550101\n+33123456789\n", ANY)[0] == [442079460018, FIRST, 33123456789]


def test_british_numbers_are_read_with_their_zero_or_country_code(read):
    numbers = read(b"02079460018\n+442079460019\n01204 123456\n", UK)[0]
    assert numbers == [442079460018, 442079460019, 441204123456]


def test_a_few_unreadable_lines_are_counted_and_named(read):
    numbers, _, tally = read(b"2125550101\n" * 300 + b"call me\n" + b"2125550101\n" * 99)
    assert (len(numbers), tally.rejected) == (399, 1)
    assert tally.examples == ["line 301 ('call me'): no phone number"]


def test_odd_lines_between_alike_ones_are_read_one_by_one(read):
    odd = [b"(212) 555-0101", b"1 212 555 0101", b"212/555/0101", b"2125550101 ", b"'2125550101'"]
    numbers, _, tally = read(b"".join(each + b"\n" + b"3135550102\n" * 3 for each in odd * 40))
    assert tally.rejected == 0
    assert numbers == ([FIRST] + [SECOND] * 3) * 200


NUMBERS = b"2125550101\n3135550102\n"
UGLY = {
    "empty": (b"", "empty"),
    "blank lines": (b"\n \n\n", "only blank lines"),
    "letters": (b"hello\nworld\n", "No phone numbers are found"),
    "wrong delimiter": (b"212:5550101:x\n313:5550102:y\n", "No phone numbers are found"),
    "another country": (b"+442079460018\n+442079460019\n", "No phone numbers are found"),
    "too short": (b"5550101\n5550102\n", "No phone numbers are found"),
    "two columns": (b"a,b\n2125550101,3135550102\n2125550103,3135550104\n", "Columns 1, 2 all hold"),
    "truncated line": (b"2125550101\n31355", "cut off"),
    "binary": (bytes(range(256)) * 50, "no text file"),
    "zeros": (bytes(100_000), "no text file"),
    "zeros behind": (NUMBERS * 100_000 + bytes(3_000_000), "no text file"),
    "utf-16": ("2125550101\n".encode("utf-16"), "UTF-16"),
    "one per cent": (b"2125550101\n" * 980 + b"x\n" * 20, "20 of 1,000 lines"),
    "endless line": (NUMBERS + b"2" * 200_000, "line of more than"),
    "truncated gzip": (gzip.compress(NUMBERS * 1000)[:-20], "cut off"),
    "broken gzip": (b"\x1f\x8b" + bytes(50), "cut off"),
    "truncated zip": (zipped(("a.txt", NUMBERS * 999))[:-30], "cannot be opened"),
    "empty zip": (zipped(), "no files"),
    "zip in a zip": (zipped(("b.zip", zipped(("a.txt", NUMBERS)))), "no text file"),
    "zeros in a zip": (zipped(("a.txt", bytes(40_000_000))), "no text file"),
    "same line in a zip": (
        zipped(("a.txt", b"2125550101\n" * 4_000_000), compresslevel=9),
        "100 times its size",
    ),
}


@pytest.mark.parametrize("name", UGLY)
def test_what_is_no_list_is_refused_in_words(read, name):
    content, words = UGLY[name]
    with pytest.raises(BadFile, match=words):
        read(content)


def test_a_zip_that_says_it_holds_12_gb_is_refused_before_it_is_unpacked(read):
    content = bytearray(zipped(("a", NUMBERS), ("b", NUMBERS), ("c", NUMBERS)))
    place = -1
    for _ in range(3):
        place = content.index(b"PK\x01\x02", place + 1)
        content[place + 24 : place + 28] = (4_000_000_000).to_bytes(4, "little")
    with pytest.raises(BadFile, match="Unpacked it would be 11 GB"):
        read(bytes(content))


def test_a_zip_that_lies_about_its_size_is_stopped_at_the_limit(read, monkeypatch):
    monkeypatch.setattr(source, "MOST_BYTES", 3_000_000)
    with pytest.raises(BadFile, match="larger than"):
        read(gzip.compress(b"".join(b"%d\n" % (2_120_000_000 + 7 * each) for each in range(400_000))))


def test_an_encrypted_zip_is_refused(read):
    content = bytearray(zipped(("a.txt", NUMBERS)))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(BadFile, match="password"):
        read(bytes(content))


def test_a_damaged_member_of_a_zip_is_refused(read):
    content = bytearray(
        zipped(("a.txt", b"".join(b"%d\n" % (2_120_000_000 + each * each) for each in range(9999))))
    )
    content[500] ^= 0xFF
    with pytest.raises(BadFile):
        read(bytes(content))


def test_progress_is_told_in_bytes_of_the_file_on_disk(deliver):
    path = deliver(gzip.compress(b"2125550101\n" * 1000))
    with Source(path) as delivered:
        list(read_numbers(delivered, US, Tally()))
        assert delivered.done == delivered.total == path.stat().st_size
