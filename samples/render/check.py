#!/usr/bin/env python3
"""Checks the sample workspace with nothing but the standard library: file sizes and orientation from the image headers,
ids, boxes and areas from independently decoded masks. Shares no code with the renderer or the extension.

usage: python3 samples/render/check.py [WORKSPACE]
"""
import json
import struct
import sys
from pathlib import Path


def jpeg_size(data):
    """(width, height, orientation) of a JPEG."""
    at, orientation, size = 2, 1, None
    while at < len(data):
        marker, length = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        body = data[at + 4 : at + 2 + length]
        if marker == 0xE1 and body[:6] == b"Exif\0\0":
            tiff = body[6:]
            e = "<" if tiff[:2] == b"II" else ">"
            ifd = struct.unpack(e + "I", tiff[4:8])[0]
            for i in range(struct.unpack(e + "H", tiff[ifd : ifd + 2])[0]):
                tag, _, _, value = struct.unpack(e + "HHIH", tiff[ifd + 2 + 12 * i : ifd + 12 + 12 * i])
                if tag == 0x0112:
                    orientation = value
        if marker in (0xC0, 0xC1, 0xC2):
            h, w = struct.unpack(">HH", body[1:5])
            size = (w, h)
            break
        at += 2 + length
    return (*size, orientation)


def webp_size(data):
    chunk = data[12:16]
    if chunk == b"VP8 ":
        w, h = struct.unpack("<HH", data[26:30])
        return w & 0x3FFF, h & 0x3FFF, 1
    if chunk == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little"), 1
    raise ValueError(chunk)


def displayed_size(path):
    data = path.read_bytes()
    if data[:2] == b"\xff\xd8":
        w, h, orientation = jpeg_size(data)
    elif data[:8] == b"\x89PNG\r\n\x1a\n":
        (w, h), orientation = struct.unpack(">II", data[16:24]), 1
    else:
        w, h, orientation = webp_size(data)
    return ((h, w) if orientation >= 5 else (w, h)), orientation


def decode_rle(text):
    """Run lengths of COCO's compressed string."""
    counts, at = [], 0
    while at < len(text):
        x = k = 0
        more = True
        while more:
            c = ord(text[at]) - 48
            x |= (c & 31) << (5 * k)
            more, at, k = bool(c & 32), at + 1, k + 1
            if not more and c & 16:
                x |= -1 << (5 * k)
        counts.append(x + counts[-2] if len(counts) > 2 else x)
    return counts


def rle_pixels(counts, height):
    at, value = 0, 0
    for run in counts:
        if value:
            for i in range(at, at + run):
                yield i // height, i % height
        at, value = at + run, 1 - value


def polygon_pixels(points, width, height):
    """Pixels whose centre lies inside: even-odd rule, one scan line a row."""
    pairs = list(zip(points[0::2], points[1::2]))
    for y in range(height):
        yc = y + 0.5
        xs = sorted(
            x0 + (yc - y0) * (x1 - x0) / (y1 - y0)
            for (x0, y0), (x1, y1) in zip(pairs, pairs[1:] + pairs[:1])
            if (y0 <= yc) != (y1 <= yc)
        )
        for a, b in zip(xs[0::2], xs[1::2]):
            for x in range(max(0, round(a)), min(width, round(b))):
                yield x, y


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[1] / "workspace")
    text = (root / "annotations.coco.json").read_text("utf8")
    data = json.loads(text)
    problems = []

    def check(ok, message):
        if not ok:
            problems.append(message)

    for name in ("images", "annotations", "categories"):
        ids = [e["id"] for e in data[name]]
        check(min(ids) >= 1 and len(set(ids)) == len(ids), f"{name}: ids must be unique and at least 1")
    images = {i["id"]: i for i in data["images"]}
    categories = {c["id"]: c for c in data["categories"]}
    check(all(c.get("supercategory") for c in categories.values()), "a category has no supercategory")
    orientations = {}
    for image in images.values():
        size, orientations[image["file_name"]] = displayed_size(root / image["file_name"])
        check(size == (image["width"], image["height"]), f"{image['file_name']}: {size} on disk")
    files = {f"images/{p.name}" for p in (root / "images").iterdir()}
    check(files == {i["file_name"] for i in images.values()}, "files and images list differ")
    for a in data["annotations"]:
        image = images[a["image_id"]]
        check(a["category_id"] in categories, f"annotation {a['id']}: no such category")
        check(a["iscrowd"] == 0, f"annotation {a['id']}: iscrowd")
        w, h, seg = image["width"], image["height"], a["segmentation"]
        if isinstance(seg, dict):
            check(seg["size"] == [h, w], f"annotation {a['id']}: size")
            counts = decode_rle(seg["counts"])
            check(sum(counts) == w * h, f"annotation {a['id']}: runs do not fill the image")
            pixels = set(rle_pixels(counts, h))
        else:
            pixels = {p for part in seg for p in polygon_pixels(part, w, h)}
        xs, ys = [p[0] for p in pixels], [p[1] for p in pixels]
        bbox = [min(xs), min(ys), max(xs) + 1 - min(xs), max(ys) + 1 - min(ys)]
        check(len(pixels) == a["area"], f"annotation {a['id']}: area {a['area']}, decoded {len(pixels)}")
        check(bbox == a["bbox"], f"annotation {a['id']}: bbox {a['bbox']}, decoded {bbox}")
    lines = text.splitlines()
    entries = sum(len(data[n]) for n in ("images", "annotations", "categories"))
    check(sum(line.startswith('    {"id"') for line in lines) == entries, "not one entry a line")
    check(any(o != 1 for o in orientations.values()), "no picture has an EXIF orientation")
    check(len({a["image_id"] for a in data["annotations"]}) < len(images), "no picture is left to annotate")
    total = sum((root / f).stat().st_size for f in files)
    check(total <= 3 * 1024 * 1024, f"the pictures take {total} bytes")
    forms = {True: 0, False: 0}
    for a in data["annotations"]:
        forms[isinstance(a["segmentation"], dict)] += 1
    print(f"{len(images)} images ({total // 1024} KiB), {forms[False]} polygons, {forms[True]} RLE, {len(problems)} problems")
    for problem in problems:
        print("  " + problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
