"""Archives that strangers bring: each known trick is refused, in bounded time and memory."""

import gzip
import io
import stat
import struct
import sys
import tarfile
import time
import tracemalloc
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circo import archives
from circo.archives import MIB, Limits
from circo.errors import Refusal


def zipped(*members, **kwargs):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def tarred(*members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for member, content in members:
            info = member if isinstance(member, tarfile.TarInfo) else tarfile.TarInfo(member)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def read_all(content, limits=Limits()):  # noqa: B008
    with archives.opened(io.BytesIO(content), limits) as archive:
        return {name: archive.read(name, at_most=limits.unpacked) for name in sorted(archive.names)}


def refused(content, words, limits=Limits()):  # noqa: B008
    with pytest.raises(Refusal, match=words):
        read_all(content, limits)


@pytest.mark.parametrize("packed", [zipped, tarred])
@given(
    files=st.dictionaries(
        st.text("abcé /.-_", min_size=1, max_size=20)
        .map(lambda name: name.strip("/. "))
        .filter(lambda name: name and not ({"", ".", ".."} & set(name.split("/")))),
        st.binary(max_size=300),
        min_size=1,
        max_size=6,
    )
)
def test_what_was_put_in_comes_out(packed, files):
    files = {name: content for name, content in files.items() if name == name.lower()}
    assert read_all(packed(*files.items())) == files


def test_folders_are_no_files_and_a_leading_dot_is_dropped():
    assert read_all(zipped(("a/", b""), ("a/b.txt", b"x"))) == {"a/b.txt": b"x"}
    folder = tarfile.TarInfo("./")
    folder.type = tarfile.DIRTYPE
    assert read_all(tarred((folder, b""), ("./b.txt", b"x"))) == {"b.txt": b"x"}


@pytest.mark.parametrize("packed", [zipped, tarred])
@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "a/../../b",
        "a//b",
        "a/./b",
        "C:/windows/x",
        "..\\..\\x",
        "a\nb",
        "a\u202egnp.exe",
        "x" * 300,
        "/".join("abcdefghijklmnop"),
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(packed, name):
    refused(packed((name, b"x")), "nom n’est pas admis")


def test_what_hides_behind_a_nul_is_seen():
    content = zipped(("good.txtXevil", b"x")).replace(b"good.txtXevil", b"good.txt\0evil")
    refused(content, "nom n’est pas admis")


@pytest.mark.parametrize("packed", [zipped, tarred])
@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("names", [("a", "a"), ("a", "A"), ("e\u0301", "\u00e9"), ("a", "./a")])
def test_two_members_of_one_name_are_refused(packed, names):
    refused(packed(*((name, b"x") for name in names)), "deux fois")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_a_tar_holds_files_only(kind):
    link = tarfile.TarInfo("link")
    link.type, link.linkname = kind, "/etc/passwd"
    refused(tarred((link, b"")), "autre chose que des fichiers")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFSOCK])
def test_a_zip_holds_files_only(kind):
    info = zipfile.ZipInfo("link")
    info.external_attr = (kind | 0o777) << 16
    refused(zipped((info, b"/etc/passwd")), "autre chose que des fichiers")


def test_a_password_is_refused():
    content = bytearray(zipped(("a", b"x")))
    for mark, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + flag] |= 1
    refused(bytes(content), "mot de passe")


def test_a_rare_compression_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a", b"x" * 1000)
    refused(out.getvalue(), "compressée d’une façon")


@pytest.mark.parametrize("packed", [zipped, tarred])
def test_a_bomb_is_refused_while_it_unpacks(packed):
    refused(packed(("bomb", bytes(100 * MIB))), "trop grosse")


@pytest.mark.parametrize("packed", [zipped, tarred])
def test_many_small_bombs_are_one(packed):
    refused(packed(*((f"{n}", bytes(3 * MIB)) for n in range(10))), "trop grosse")


def test_reading_again_is_counted_again():
    content = zipped(("a", bytes(3 * MIB)))
    with archives.opened(io.BytesIO(content)) as archive:
        for _ in range(5):
            archive.read("a", at_most=4 * MIB)
        with pytest.raises(Refusal, match="trop grosse"):
            archive.read("a", at_most=4 * MIB)


def test_one_file_may_be_too_much():
    with archives.opened(io.BytesIO(zipped(("a", b"x" * 1000)))) as archive, pytest.raises(Refusal, match="trop gros"):
        archive.read("a", at_most=999)


def test_a_missing_file_is_named():
    for content in (zipped(("a", b"")), tarred(("a", b""))):
        with archives.opened(io.BytesIO(content)) as archive, pytest.raises(Refusal, match="«\u00a0b\u00a0»"):
            archive.read("b", at_most=9)


def overlapping(copies):
    """One body, which `copies` lines of the index all claim: the trick of the bombs that hold themselves."""
    body = zlib.compress(bytes(MIB), 9)[2:-4]
    crc, size = zlib.crc32(bytes(MIB)), MIB
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(body), size, 1, 0) + b"0" + body
    index = b""
    for number in range(copies):
        name = str(number).encode()
        head = (b"PK\x01\x02", 20, 20, 0, 8, 0, 0, crc, len(body), size, len(name), 0, 0, 0, 0, 0, 0)
        index += struct.pack("<4s6H3I5H2I", *head) + name
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, copies, copies, len(index), len(local), 0)
    return local + index + end


def test_a_body_claimed_twice_is_refused():
    assert read_all(overlapping(1)) == {"0": bytes(MIB)}  # the sample itself is a good archive
    refused(overlapping(500), "abîmée")


def lying(content, said):
    """The same archive, whose index says another size once unpacked."""
    content = bytearray(content)
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", said)
    return bytes(content)


@pytest.mark.parametrize("said", [0, 3, 2**31, 2**32 - 2])
def test_a_size_that_lies_is_found_out(said):
    refused(lying(zipped(("a", b"x" * 1000)), said), "abîmée")


def test_zip64_is_read_and_its_lies_found_out():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, archive.open("a", "w", force_zip64=True) as member:
        member.write(b"x" * 100)
    assert read_all(out.getvalue()) == {"a": b"x" * 100}
    content = bytearray(zipped(("a", b"x" * 100)))
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = b"\xff" * 4  # "see zip64", and no zip64 there
    refused(bytes(content), "abîmée")


def many(count):
    """A zip of `count` empty members, built by hand: zipfile itself would take long."""
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
    line = struct.Struct("<4s6H3I5H2I7s")
    index = b"".join(
        line.pack(b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, f"{n:07}".encode())
        for n in range(count)
    )
    size, at = len(index), len(local)
    z64 = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, at)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, at + size, 1)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return local + index + z64 + locator + end


def test_a_million_members_are_refused_before_they_are_listed():
    content = many(10**6)
    began = time.perf_counter()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:  # the canary: it is a real archive, and costs that much
        assert len(archive.infolist()) == 10**6
    listing_s = time.perf_counter() - began

    tracemalloc.start()
    began = time.perf_counter()
    refused(content, "trop de fichiers")
    took_s, (_, peak) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert took_s < listing_s / 20
    assert peak < 2 * MIB


def test_a_million_members_of_a_tar_are_refused_before_they_are_unpacked():
    headers = b"".join(tarfile.TarInfo(f"{n:04}").tobuf() for n in range(10_000))
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1) as packed:
        for _ in range(100):
            packed.write(headers)
    began = time.perf_counter()
    assert len(gzip.decompress(out.getvalue())) == 512 * 10**6  # the canary
    unpacking_s = time.perf_counter() - began

    tracemalloc.start()
    began = time.perf_counter()
    refused(out.getvalue(), "trop de fichiers")
    took_s, (_, peak) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert took_s < unpacking_s
    assert peak < 8 * MIB


@pytest.mark.parametrize("packed", [zipped, tarred])
def test_members_are_counted(packed):
    members = [(str(n), b"") for n in range(11)]
    assert len(read_all(packed(*members[:10]), Limits(members=10))) == 10
    refused(packed(*members), "trop de fichiers", Limits(members=10))


def test_a_tar_that_announces_a_huge_name_is_refused():
    long = tarfile.TarInfo("././@LongLink")
    long.type = tarfile.GNUTYPE_LONGNAME
    refused(tarred((long, b"a" * (4 * MIB)), ("b", b"")), "nom n’est pas admis")
    pax = tarfile.TarInfo("pax")
    pax.type = tarfile.XHDTYPE
    refused(tarred((pax, b"a" * (4 * MIB)), ("b", b"")), "nom n’est pas admis")


def test_headers_nested_without_end_are_refused():
    long = tarfile.TarInfo("././@LongLink")
    long.type = tarfile.GNUTYPE_LONGNAME
    refused(tarred(*[(long, b"a")] * 3000, ("b", b"")), "abîmée")


def endless(size, /, **pax):
    """A tar of one file that says to be that long, and ends there."""
    member = tarfile.TarInfo("a")
    member.size, member.pax_headers = size, pax
    return member.tobuf(tarfile.PAX_FORMAT if pax else tarfile.GNU_FORMAT) + bytes(1024)


@pytest.mark.parametrize(
    "content", [endless(1 << 60), endless(5, size=str(1 << 60))], ids=["in its header", "in what goes before"]
)
def test_a_tar_that_says_to_be_endless_is_not_looked_through_to_its_end(content):
    taken = 0

    def stop(*_):
        nonlocal taken
        taken += 1
        if taken > 10**5:
            raise AssertionError("it reads on, where nothing is left")

    sys.setprofile(stop)  # calls, not seconds: the same on any machine
    try:
        refused(gzip.compress(content), "trop grosse")
    finally:
        sys.setprofile(None)


def holes_of_old(count):
    member = tarfile.TarInfo("a")
    member.type = tarfile.GNUTYPE_SPARSE
    header = bytearray(member.tobuf(tarfile.GNU_FORMAT))
    header[482] = 1  # more of them follow
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + (b"00000000001\0" * 42 + b"\1" + bytes(7)) * (count // 21)


def holes_of_today(count):
    said = {"major": "1", "minor": "0", "name": "a", "realsize": "5"}
    member = tarfile.TarInfo("a")
    member.pax_headers = {f"GNU.sparse.{name}": value for name, value in said.items()}
    return member.tobuf(tarfile.PAX_FORMAT) + b"%d\n" % count + b"0\n" * 2 * count


@pytest.mark.parametrize("holes", [holes_of_old, holes_of_today])
def test_the_holes_of_a_file_are_not_listed(holes):
    content = gzip.compress(holes(400_000))
    tracemalloc.start()
    refused(content, "autre chose que des fichiers")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * MIB


def test_what_is_said_of_all_members_is_counted():
    def said(first):
        return tarfile.TarInfo.create_pax_global_header({f"k{n:06}": "v" for n in range(first, first + 2000)})

    content = gzip.compress(b"".join(said(n) for n in range(0, 100_000, 2000)) + tarfile.TarInfo("a").tobuf())
    tracemalloc.start()
    refused(content, "trop de fichiers")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * MIB
    one = tarfile.TarInfo.create_pax_global_header({"comment": "what git writes"})
    assert read_all(gzip.compress(one + tarfile.TarInfo("a").tobuf() + bytes(1024))) == {"a": b""}


def test_other_things_are_refused():
    for content in (b"", b"%PDF-1.7", b"Rar!\x1a\x07", b"PK\x05\x06" + bytes(18)):
        refused(content, "n’est pas une archive")
    refused(gzip.compress(b"no tar" * 200), "abîmée")
    refused(zipped(("a", b"x" * 1000))[:-30], "abîmée")
    refused(tarred(("a", bytes(range(256)) * 40))[:-9], "abîmée")


@pytest.mark.parametrize("sample", [zipped(("a/b", b"x" * 400), ("c", b"y" * 50)), tarred(("a/b", b"x" * 400))])
@given(data=st.data())
def test_any_damage_is_a_refusal_or_harmless(sample, data):
    content = bytearray(sample)
    for at, byte in data.draw(
        st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), min_size=1, max_size=8)
    ):
        content[at] = byte
    try:
        found = read_all(bytes(content))
    except Refusal:
        return
    assert all(not name.startswith("/") and ".." not in name.split("/") for name in found)


BOMB = b"""<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>"""


@pytest.mark.parametrize(
    "xml",
    [
        BOMB,
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        b"<a>&b;</a>",
        b"<a><b></a>",
        b"",
        b"<a>\xff\xfe</a>",
        b'<?xml version="1.0" encoding="nope"?><a/>',
        b"<a>" * 100 + b"</a>" * 100,
    ],
)
def test_xml_that_acts_or_is_broken_is_refused(xml):
    with pytest.raises(Refusal, match="XML"):
        list(archives.elements(xml, "a"))


def test_elements_come_one_by_one_and_the_rest_is_forgotten():
    lines = b"".join(b"<z>%d</z><q id='%d'><q/>t</q>" % (n, n) for n in range(20_000))
    tracemalloc.start()
    found = sum(int(node.get("id")) for node in archives.elements(b"<a>" + lines + b"</a>", "q"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == sum(range(20_000))
    assert peak < 4 * MIB


def test_the_first_element_is_whole():
    assert archives.whole(b"<a><b><c>x</c></b><b/></a>", "b").findtext("c") == "x"
    with pytest.raises(Refusal):
        archives.whole(b"<a/>", "b")
