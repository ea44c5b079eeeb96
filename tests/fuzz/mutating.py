"""Files changed as chance and malice change them: by bytes, and by what they are made of (JSON, XML, ZIP, tar)."""

from __future__ import annotations

import io
import json
import re
import tarfile
import warnings
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any

Members = list[tuple[zipfile.ZipInfo, bytes]]

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 2**31, 2**63, 2**64, 10**400, -(10**30), 1e308, float("nan"), float("inf"), "", " ",
    "\ud800", "\0", "²", "٣", "9" * 5000, "A" * 70_000, "../../../etc/passwd", "/etc/passwd", "C:\\x", "=1+1", "@A1",
    "-1", "1e400", "NaN", "1_000", "2018-02-30", "0000-00-00", "9999-12-31", "2018-Q9", "\u202e", "e\u0301" * 99,
    "E05000138", "total", "yes", [], {}, [[]], {"": None}, "\r\n", "<b>", "%s", "AGE-SECRET-KEY-1", "[c]", "0" * 64,
)  # fmt: skip
"""Values that no honest program writes where they are put."""

TOKENS: tuple[bytes, ...] = (
    b"", b"\0", b"\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n", b'"', b"'", b",", b";", b"\t", b"{", b"}", b"[",
    b"<", b">", b"&", b"NaN", b"Infinity", b"-", b"1e999", b"9" * 400, b"\\ud800", b"%PDF-1.7", b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"=cmd|' /C calc'!A0", b"../", b"\xed\xa0\x80", b"\x80\0\0\0", b"[" * 3000,
    b'{"a":' * 3000, "\u202e\u2028".encode(), b"=?utf-8?q?=ff?=", b"Content-Type: multipart/mixed; boundary=x\n\n--x\n",
    b"/Kids [1 0 R]", b"stream\n", b"endobj", b"<< /Length 99999999 >>",
)  # fmt: skip

ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 12 if n else "&a;" * 12}">' for n in range(9))
    + '<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY h SYSTEM "http://192.0.2.1/x">]>'
)
"""Twelve to the ninth times two dozen letters, a file of this computer, and one of another."""
USES = ("&a8;", "&f;", "&h;", "<x/>" * 200, "<x>" * 500, "=1+1", "1e999", "99999999999", "\u202e", "&#0;", "&#xd800;")


def bytes_changed(raw: bytes, chance: Random) -> bytes:
    """Flip, cut, put in, repeat or swap some pieces."""
    data = bytearray(raw)
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        at, size = chance.randrange(len(data) + 1), chance.choice((1, 2, 4, 16, 200))
        act = chance.randrange(7)
        if act == 0 and at < len(data):
            data[at] ^= 1 << chance.randrange(8)
        elif act == 1:
            del data[at : at + size]
        elif act == 2:
            data[at:at] = chance.choice(TOKENS)
        elif act == 3:
            data[at:at] = data[at : at + size] * chance.choice((1, 3, 50))
        elif act == 4:
            data[at : at + size] = chance.randbytes(min(size, len(data) - at))
        elif act == 5:
            del data[at:]
        elif act == 6:
            other = chance.randrange(len(data) + 1)
            data[at : at + size], data[other : other + size] = data[other : other + size], data[at : at + size]
    return bytes(data)


def text_changed(raw: bytes, chance: Random) -> bytes:
    """Change lines, numbers and words of a text, or the way it is written as bytes."""
    text = raw.decode("utf-8", "surrogateescape")
    act, odd = chance.randrange(7), chance.choice(ODD)
    odd = odd if isinstance(odd, str) else str(odd)[:5000]
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    if act == 0:
        text = "\n".join([*lines[:at], *[lines[at]] * chance.choice((1, 500)), *lines[at:]])
    elif act == 1:
        text = "\n".join(lines[:at] + lines[at + 1 :])
    elif act == 2 and (found := list(re.finditer(r"[-\d.]+|\w+", text))):
        place = chance.choice(found)
        text = text[: place.start()] + odd + text[place.end() :]
    elif act == 3:
        chance.shuffle(lines)
        text = "\n".join(lines)
    elif act == 4:
        lines[at] = chance.choice((",", ";", "\t", '"')) * chance.choice((1, 30, 3000)) + lines[at]
        text = "\n".join(lines)
    elif act == 5:
        encoding = chance.choice(("utf-16", "utf-32", "cp037", "utf-7", "utf-8-sig"))
        return text.encode(encoding, "ignore")
    else:
        text = text.replace(chance.choice(text) if text else "x", odd[:200], 40)
    return text.encode("utf-8", "surrogatepass" if chance.random() < 0.5 else "ignore")


def json_changed(raw: bytes, chance: Random) -> bytes:
    """Change what a JSON document says: values, names, order, depth, names that stand twice."""
    document = json.loads(raw)
    for _ in range(chance.choice((1, 1, 2, 3))):
        document = replaced(document, chance)
    text = json.dumps(document, ensure_ascii=chance.random() < 0.7)
    act, names = chance.randrange(8), re.findall(r'"[^"\\]{1,40}":', text)
    if act == 0 and names:
        name = chance.choice(names)
        text = text.replace(name, f"{name} {json.dumps(chance.choice(ODD))}, {name}", 1)
    elif act == 1:
        depth = chance.choice((30, 2000, 90_000))
        text = text.replace(json.dumps(chance.choice(["", "a", 1, None])), "[" * depth + "]" * depth, 1)
    elif act == 2:
        text = json.dumps(document, indent=1, sort_keys=True)
    return text.encode("utf-8", "surrogatepass")


def replaced(value: Any, chance: Random, depth: int = 0) -> Any:
    """Go down to some part and put something else there."""
    inside = isinstance(value, dict | list) and value and depth < 12
    if not inside or chance.random() < 0.15:
        return chance.choice((chance.choice(ODD), [value], {"a": value}, [value] * 300, str(value)[:9999]))
    if isinstance(value, list):
        at = chance.randrange(len(value))
        act = chance.randrange(8)
        if act == 0:
            return value[:at] + value[at + 1 :]
        if act == 1:
            return [*value, value[at]]
        return [*value[:at], replaced(value[at], chance, depth + 1), *value[at + 1 :]]
    name = chance.choice(list(value))
    rest = {key: each for key, each in value.items() if key != name}
    act = chance.randrange(10)
    if act == 0:
        return rest
    if act == 1:
        return {**rest, str(chance.choice(ODD))[:5000]: value[name]}
    if act == 2:
        return {**value, name: value[chance.choice(list(value))]}
    return {**value, name: replaced(value[name], chance, depth + 1)}


def xml_changed(raw: bytes, chance: Random) -> bytes:
    """Change elements, attributes and words of an XML document, or add a bomb of entities."""
    text = raw.decode("utf-8", "replace")
    act = chance.randrange(6)
    if act == 0:
        head = re.search(r"<\?xml[^>]*\?>", text)
        at = head.end() if head else 0
        body = re.sub(r">([^<>]{0,40})</", f">{chance.choice(USES)}</", text[at:], count=chance.choice((1, 5)))
        return (text[:at] + ENTITIES + body).encode()
    pattern = (r'"[^"<>]*"', r">[^<>]+<", r"<[^<>]+/>", r"<(\w+)\b[^<>]*>[^<>]*</\1>", r"</?[\w:]+")[act - 1]
    found = list(re.finditer(pattern, text))
    for place in sorted(chance.sample(found, min(len(found), chance.choice((1, 1, 3)))), key=lambda f: -f.start()):
        odd = chance.choice((*USES, *(str(each)[:9999] for each in ODD)))
        ends = {1: f'"{odd}"', 2: f">{odd}<"}.get(act, place[0] * chance.choice((0, 2, 400)))
        text = text[: place.start()] + ends + text[place.end() :]
    return text.encode("utf-8", "surrogatepass")


def zip_changed(raw: bytes, chance: Random) -> bytes:
    """Change what is in an archive: a member's bytes, name, kind, packing; more of them, fewer, one as a bomb."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        members: Members = [(info, archive.read(info)) for info in archive.infolist()]
    if not members:
        return bytes_changed(raw, chance)
    at = chance.randrange(len(members))
    info, data = members[at]
    act = chance.randrange(16)
    if act < 8:
        members[at] = (info, changed(data, chance))
    elif act == 8:
        del members[at]
    elif act == 9:
        members[at] = (
            _named(chance.choice(("../x", "/x", "a\\b", "C:x", "x/", info.filename.upper(), "\0", "é" * 90))),
            data,
        )
    elif act == 10:
        members.append((_named(info.filename), chance.choice(members)[1]))
    elif act == 11:
        info.external_attr, info.create_system = 0o120777 << 16, 3
    elif act == 12:
        other = chance.randrange(len(members))
        members[at], members[other] = (info, members[other][1]), (members[other][0], data)
    elif act == 13:
        members[at] = (info, b"\0" * chance.choice((2**20, 2**24)) if chance.random() < 0.3 else data * 30)
    elif act == 14:
        info.compress_type = chance.choice((zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_STORED))
    else:
        members += [(_named(f"{n}{info.filename}"), b"x") for n in range(chance.choice((1, 1100)))]
    return zipped(members)


def _named(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def zipped(members: Members) -> bytes:
    """Pack members as they are, names that stand twice too."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for info, data in members:
            archive.writestr(info, data)
    return out.getvalue()


def tar_changed(raw: bytes, chance: Random) -> bytes:
    """Change what is in a tar: a member's bytes, name, kind, length; more of them, fewer."""
    with tarfile.open(fileobj=io.BytesIO(raw)) as tar:
        members = [(member, (tar.extractfile(member) or io.BytesIO()).read()) for member in tar.getmembers()]
    at = chance.randrange(len(members))
    member, data = members[at]
    act = chance.randrange(8)
    if act < 3:
        members[at] = (member, changed(data, chance))
    elif act == 3:
        del members[at]
    elif act == 4:
        member.name = chance.choice(("../x", "/etc/x", "vault.db", "keys.json", "x" * 300, "\ud800"))
    elif act == 5:
        member.type = chance.choice(
            (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE)
        )
        member.linkname = "/etc/passwd"
    elif act == 6:
        members.append(chance.choice(members))
    else:
        member.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": str(2**33 - 1)}
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT, errors="surrogateescape") as tar:
        for each, body in members:
            each.size = len(body)
            tar.addfile(each, io.BytesIO(body))
    return out.getvalue()


def changed(raw: bytes, chance: Random) -> bytes:
    """Change a file in the way that goes deepest into what it is, or by bytes."""
    if chance.random() < 0.25:
        return bytes_changed(raw, chance)
    ways: list[Callable[[bytes, Random], bytes]] = []
    if raw[:2] == b"PK":
        ways = [zip_changed]
    elif raw[257:262] == b"ustar":
        ways = [tar_changed]
    elif raw[:1] in b"{[" and raw:
        ways = [json_changed, json_changed, text_changed]
    elif raw[:5].lstrip()[:1] == b"<":
        ways = [xml_changed, xml_changed, text_changed]
    elif b"\0" not in raw[:400]:
        ways = [text_changed, text_changed, bytes_changed]
    else:
        ways = [bytes_changed]
    try:
        return chance.choice(ways)(raw, chance)
    except (ValueError, OSError, zipfile.BadZipFile, tarfile.TarError, RecursionError, NotImplementedError):
        # It is no longer what it seemed, or cannot be written like that.
        return bytes_changed(raw, chance)
